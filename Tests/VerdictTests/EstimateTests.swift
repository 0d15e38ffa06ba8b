import Plan
import Testing

@testable import Verdict

@Suite struct EstimateTests {
    @Test(arguments: [
        (Bound<Int>.below(100), 80, 99, Answer.kept), (.below(100), 80, 100, .unknown),  // met exactly is not <
        (.below(100), 100, 120, .broken), (.atMost(100), 80, 100, .kept), (.atMost(100), 101, 120, .broken),
        (.atMost(100), 100, 120, .unknown), (.above(10), 11, 20, .kept), (.above(10), 10, 20, .unknown),
        (.above(10), 5, 10, .broken), (.atLeast(10), 10, 20, .kept), (.atLeast(10), 5, 9, .broken),
        (.atLeast(10), 5, 10, .unknown), (.equal(0), 0, 0, .kept), (.equal(0), 0, 1, .unknown),
        (.equal(0), 1, 1, .broken), (.between(2, 4), 2, 4, .kept), (.between(2, 4), 1, 5, .unknown),
        (.between(2, 4), 5, 9, .broken), (.between(2, 4), 0, 1, .broken), (.between(2, 4), 4, 5, .unknown),
    ])
    func `kept needs the whole interval and broken needs none of it`(
        bound: Bound<Int>, low: Int, high: Int, answer: Answer
    ) {
        #expect(Estimate(low: low, high: high).answer(bound) == answer)
    }

    @Test func `the worst answer wins`() {
        #expect([Answer.kept, .unknown, .broken, .notHealed].shuffled(seed: 4).max() == .notHealed)
        #expect([Answer.kept, .broken, .unknown].max() == .broken)
        #expect([Answer.kept, .unknown].max() == .unknown)
    }
}

extension Array {
    fileprivate func shuffled(seed: UInt64) -> [Element] {
        var draw = Draw(seed: seed, run: "shuffle", index: 0)
        return map { ($0, draw.next()) }.sorted { $0.1 < $1.1 }.map(\.0)
    }
}
