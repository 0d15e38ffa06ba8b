package import History
import Plan

/// The seconds in which users noticed something: a request failed, was dropped or never ended, or the user-view p95 was
/// over the calm bound.
struct BadSeconds {
    private let numbers: Set<Int>

    init(plan: Plan, seconds: [Int: Evidence.Second], measured: Range<Int>) {
        let bound = plan.expectations.compactMap { expectation -> Nanoseconds? in
            guard expectation.window == .calm, case .latency(let percentile, let bound) = expectation.check,
                percentile == 95, case .below(let limit) = bound
            else { return nil }
            return limit
        }.min()
        numbers = Set(
            measured.filter { number in
                guard let second = seconds[number], second.planned > 0 else { return false }
                if second.bad > 0 { return true }
                guard let bound else { return false }
                guard let p95 = second.latency.value(atPercentile: 95) else { return false }
                return p95 >= bound
            })
    }

    func contains(_ second: Int) -> Bool { numbers.contains(second) }
    func first(in range: Range<Int>) -> Int? { range.first(where: numbers.contains) }
    func count(in range: Range<Int>) -> Int { range.count(where: numbers.contains) }
}

/// What users noticed of one injected fault. In whole real seconds since the start of the load.
package struct Aftermath: Hashable, Sendable {
    package enum Recovery: Hashable, Sendable {
        /// No second was bad: recovery took no time.
        case neverBad
        /// From `firstBad` on; calm again from `calmAgain`, and so for the hold.
        case recovered(firstBad: Int, calmAgain: Int)
        /// The load ended before calm had held long enough.
        case notSeen(firstBad: Int)
    }

    package var fault: FaultRecord
    /// The second in which the last mutating call was accepted.
    package var injected: Int
    package var recovery: Recovery
    /// Bad seconds after the recovery, fail-back included: a second dip.
    package var laterBadSeconds: Int
    package var badSeconds: Int
    /// The first second that is calm again, by DESIGN's rule; nil: none.
    package var calmFrom: Int?

    init(_ fault: FaultRecord, plan: Plan, bad: BadSeconds, measured: Range<Int>) {
        self.fault = fault
        let none = fault.injected == nil
        injected = fault.injected?.second ?? .max
        recovery = .neverBad
        (laterBadSeconds, badSeconds, calmFrom) = (0, 0, none ? .min : nil)
        guard !none, injected < measured.upperBound else { return }
        let range = max(injected, measured.lowerBound)..<measured.upperBound
        let window = max(1, Int(plan.real(plan.windows.window).inSeconds.rounded(.up)))
        let hold = max(window, Int(plan.real(plan.windows.hold).inSeconds.rounded(.up)))
        badSeconds = bad.count(in: range)
        let recovered: Int
        if let firstBad = bad.first(in: range) {
            let start = (firstBad..<range.upperBound).first { start in
                start + hold <= range.upperBound && bad.first(in: start..<(start + hold)) == nil
            }
            guard let start else {
                recovery = .notSeen(firstBad: firstBad)
                return
            }
            recovery = .recovered(firstBad: firstBad, calmAgain: start)
            laterBadSeconds = bad.count(in: start..<range.upperBound)
            recovered = start
        } else {
            recovered = injected
        }
        guard let healed = fault.healed else { return }
        let holdSeconds = plan.real(plan.windows.hold).inSeconds
        calmFrom = max(recovered, Int((healed.inSeconds + holdSeconds).rounded(.up)))
    }

    /// Whether the second belongs to the fault and not to the calm.
    func covers(_ second: Int) -> Bool {
        guard fault.injected != nil else { return false }
        return second >= injected && second < calmFrom ?? .max
    }
}
