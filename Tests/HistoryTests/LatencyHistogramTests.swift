import Histogram
import History
import Plan
import Testing

@Suite struct LatencyHistogramTests {
    /// Log-uniform over six decades, seeded.
    static func values(_ count: Int, seed: UInt64) -> [Nanoseconds] {
        var draw = Draw(seed: seed, run: "histogram", index: 0)
        return (0..<count).map { _ in
            var value = 1_000.0
            for _ in 0..<Int(draw.int(in: 0...5)) { value *= 10 }
            return Nanoseconds(Int64(value * (1 + 9 * draw.unit())))
        }
    }

    static func histogram(_ values: [Nanoseconds]) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for value in values { histogram.record(value) }
        return histogram
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `percentiles agree with HdrHistogram within both errors`(seed: UInt64) throws {
        let values = Self.values(20_000, seed: seed)
        let ours = Self.histogram(values)
        var oracle = Histogram<UInt64>(
            lowestDiscernibleValue: 1, highestTrackableValue: 4_000_000_000_000,
            numberOfSignificantValueDigits: .four)
        for value in values {
            let isTaken = oracle.record(UInt64(value.count))
            #expect(isTaken)
        }
        for percentile in [0.1, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100] {
            let theirs = Double(oracle.valueAtPercentile(percentile))
            let value = try #require(ours.value(atPercentile: percentile))
            // Ours: 1/256. Theirs at four digits: 1/10,000.
            #expect(abs(Double(value.count) - theirs) <= theirs * (1.0 / 256 + 1.0 / 10_000) + 1)
        }
    }

    @Test func `a percentile is the nearest rank of the values, within the bucket's error`() throws {
        let values = Self.values(997, seed: 9)
        let histogram = Self.histogram(values)
        let sorted = values.sorted()
        for percentile in [1, 33.3, 50, 66.6, 95, 99, 99.9, 100] {
            let rank = Int((percentile / 100 * 997).rounded(.up))
            let exact = Double(sorted[rank - 1].count)
            let value = try #require(histogram.value(atPercentile: percentile))
            #expect(abs(Double(value.count) - exact) <= exact / 256)
        }
        #expect(histogram.minimum == sorted.first && histogram.maximum == sorted.last)
    }

    @Test func `every value lies in a bucket whose middle is within a 256th of it`() {
        var value: UInt64 = 0
        var last = -1
        while value <= UInt64(LatencyHistogram.largest.count) {
            let bucket = LatencyHistogram.bucket(of: value)
            #expect(bucket >= last && bucket < LatencyHistogram.bucketCount)
            last = bucket
            let middle = Double(LatencyHistogram.middle(of: bucket).count)
            #expect(abs(middle - Double(value)) <= Double(value) / 256)
            value += max(1, value / 301)
        }
        let top = LatencyHistogram.bucket(of: UInt64(LatencyHistogram.largest.count))
        #expect(top == LatencyHistogram.bucketCount - 1)
    }

    @Test func `shards that are merged are the whole`() {
        let values = Self.values(10_000, seed: 3)
        var merged = LatencyHistogram()
        for shard in 0..<8 {
            merged.merge(Self.histogram(stride(from: shard, to: values.count, by: 8).map { values[$0] }))
        }
        #expect(merged == Self.histogram(values))
    }

    @Test(arguments: [(0, 0), (1, 7), (300, 0), (0, 300), (5_000, 200)])
    func `a compact histogram counts as one with room does`(first: Int, second: Int) throws {
        let (early, late) = (Self.values(first, seed: 11), Self.values(second, seed: 12))
        let whole = Self.histogram(early + late)
        var compact = Self.histogram(early)
        compact.compact()
        #expect(compact == Self.histogram(early) && compact.hashValue == Self.histogram(early).hashValue)
        #expect(compact.bins.reduce(0) { $0 + UInt64($1.count) } == UInt64(first))
        #expect(compact.blob == Self.histogram(early).blob)
        #expect(compact.value(atPercentile: 95) == Self.histogram(early).value(atPercentile: 95))
        #expect(
            compact.count(above: .milliseconds(1)) == Self.histogram(early).count(above: .milliseconds(1)))
        var merged = compact
        merged.merge(Self.histogram(late))
        #expect(merged == whole)
        for value in late { compact.record(value) }
        #expect(compact == whole && compact.blob == whole.blob)
        compact.compact()
        compact.reset()
        #expect(compact == LatencyHistogram())
    }

    @Test func `values out of range are kept at the edge and counted`() {
        var histogram = LatencyHistogram()
        histogram.record(Nanoseconds(-5))
        histogram.record(.seconds(5000))
        histogram.record(.milliseconds(1))
        #expect(histogram.clamped == 2 && histogram.total == 3)
        #expect(histogram.minimum == .zero && histogram.maximum == LatencyHistogram.largest)
    }

    @Test func `infinite values push a percentile up, and past the last value there is none`() {
        let histogram = Self.histogram((1...90).map { .milliseconds($0) })
        #expect(histogram.value(atPercentile: 90, infinite: 10) == .milliseconds(90))
        #expect(histogram.value(atPercentile: 91, infinite: 10) == nil)
        #expect(LatencyHistogram().value(atPercentile: 50, infinite: 3) == nil)
        #expect(LatencyHistogram().value(atPercentile: 50) == nil)
    }

    @Test(arguments: [0, 1, 2, 5000])
    func `a histogram comes back from its blob`(count: Int) throws {
        var histogram = Self.histogram(Self.values(count, seed: 4))
        if count > 1 { histogram.record(.seconds(6000), times: .max) }
        #expect(try LatencyHistogram(blob: histogram.blob) == histogram)
    }

    @Test func `reset leaves nothing of what was there`() {
        var histogram = Self.histogram(Self.values(100, seed: 5))
        histogram.record(Nanoseconds(-1))
        histogram.reset()
        #expect(histogram == LatencyHistogram())
    }

    @Test(
        arguments: [
            ([], "histogram format missing, known: 1"),
            ([2], "histogram format 2, known: 1"),
            ([1, 0x80], "histogram ends early, at byte 2"),
            ([1, 9, 3, 0], "histogram of 9…3 ns"),
            ([1, 3, 3, 0, 0, 1], "histogram bucket -1 + 0 with count 1"),
            ([1, 3, 3, 0, 4, 0], "histogram bucket -1 + 4 with count 0"),
            ([1, 3, 3, 0], "histogram of 3…3 ns with other buckets"),
            ([1, 3, 9, 0, 4, 1], "histogram of 3…9 ns with other buckets"),
        ] as [([UInt8], String)])
    func `a damaged blob says what is wrong`(blob: [UInt8], problem: String) {
        let error = #expect(throws: LatencyHistogram.DecodingError.self) { try LatencyHistogram(blob: blob) }
        #expect(error?.description == problem)
    }

    @Test func `a blob cut or changed anywhere is an error or a histogram, never a crash`() {
        let blob = Self.histogram(Self.values(300, seed: 6)).blob
        for at in blob.indices {
            for byte in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
                var changed = blob
                changed[at] = byte
                for bytes in [changed, Array(changed[...at])] {
                    if let histogram = try? LatencyHistogram(blob: bytes) {
                        // Whatever was accepted is whole: it can be written and read again.
                        #expect((try? LatencyHistogram(blob: histogram.blob)) != nil)
                    }
                }
            }
        }
    }
}
