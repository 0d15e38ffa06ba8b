import Plan
import Testing

@Suite struct DrawTests {
    private func numbers(seed: UInt64, run: String, index: UInt64) -> [UInt64] {
        var draw = Draw(seed: seed, run: run, index: index)
        return (0..<8).map { _ in draw.next() }
    }

    @Test func `the same seed and index draw the same, in any run`() {
        #expect(numbers(seed: 7, run: "a", index: 3) == numbers(seed: 7, run: "b", index: 3))
    }

    @Test func `another seed or index draws otherwise`() {
        #expect(numbers(seed: 7, run: "a", index: 3) != numbers(seed: 8, run: "a", index: 3))
        #expect(numbers(seed: 7, run: "a", index: 3) != numbers(seed: 7, run: "a", index: 4))
    }

    @Test func `a draw is the same on every machine and version`() {
        #expect(
            numbers(seed: 42, run: "r", index: 0).prefix(2) == [
                14_391_204_954_602_457_498, 2_107_410_080_952_646_123,
            ])
        #expect(Draw(seed: 42, run: "r", index: 0).uuid == "27504b16-e7be-8e6d-9c46-4cd0c33da88a")
        #expect(Draw.hash("") == 0xCBF2_9CE4_8422_2325 && Draw.hash("a") == 0xAF63_DC4C_8601_EC8C)
    }

    @Test func `a uuid has the form of version 8, in small letters`() throws {
        for index in 0..<1_000 {
            let uuid = Draw(seed: 1, run: "r", index: UInt64(index)).uuid
            #expect(
                uuid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
                    != nil)
        }
    }

    @Test func `100,000 requests of a run have 100,000 uuids`() {
        let runHash = Draw.hash("run")
        let uuids = Set((0..<100_000).map { Draw(seed: 1, runHash: runHash, index: UInt64($0)).uuid })
        #expect(uuids.count == 100_000)
    }

    @Test func `a uuid changes with the run, not with the seed`() {
        #expect(Draw(seed: 1, run: "a", index: 5).uuid == Draw(seed: 2, run: "a", index: 5).uuid)
        #expect(Draw(seed: 1, run: "a", index: 5).uuid != Draw(seed: 1, run: "b", index: 5).uuid)
    }

    @Test func `the bytes of a uuid are its text`() {
        var bytes: [UInt8] = []
        let draw = Draw(seed: 3, run: "r", index: 9)
        draw.writeUUID { bytes.append($0) }
        #expect(String(decoding: bytes, as: UTF8.self) == draw.uuid)
    }

    @Test(
        arguments: [
            0...0, 1...500, -5...5, Int64.min...Int64.max, Int64.max - 1...Int64.max, Int64.min...Int64.min,
        ] as [ClosedRange<Int64>])
    func `a number lies in its range`(_ range: ClosedRange<Int64>) {
        for index in 0..<2_000 {
            var draw = Draw(seed: 1, run: "r", index: UInt64(index))
            #expect(range.contains(draw.int(in: range)))
        }
    }

    @Test func `both ends of a range are drawn, and all of it evenly`() {
        var counts = [Int](repeating: 0, count: 10)
        for index in 0..<100_000 {
            var draw = Draw(seed: 11, run: "r", index: UInt64(index))
            counts[Int(draw.int(in: 0...9))] += 1
        }
        // Binomial(100 000, 0.1): σ = 95; five of them.
        for count in counts { #expect(abs(count - 10_000) < 475) }
    }

    @Test func `weights are met`() {
        var counts = [0, 0, 0]
        for index in 0..<100_000 {
            var draw = Draw(seed: 5, run: "r", index: UInt64(index))
            counts[draw.pick([0.6, 0.9, 1])] += 1
        }
        for (count, expected) in zip(counts, [60_000, 30_000, 10_000]) {
            #expect(abs(count - expected) < 800)
        }
    }

    @Test func `a pick is always an index, also when weights stop short of one`() {
        for index in 0..<10_000 {
            var draw = Draw(seed: 5, run: "r", index: UInt64(index))
            #expect([0, 1].contains(draw.pick([0.5, 0.999])))
        }
    }

    @Test func `unit numbers lie in [0, 1)`() {
        var draw = Draw(seed: 9, run: "r", index: 0)
        var sum = 0.0
        for _ in 0..<10_000 {
            let unit = draw.unit()
            #expect(unit >= 0 && unit < 1)
            sum += unit
        }
        #expect(abs(sum / 10_000 - 0.5) < 0.02)
    }
}
