import Foundation
import History
import Plan
import TestKit
import Testing

@testable import Report

@Suite struct HistogramLogTests {
    private static func histogram(_ values: [(Int64, UInt32)]) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for (value, count) in values { histogram.record(Nanoseconds(value), times: count) }
        return histogram
    }

    /// What the zlib stream of stored blocks holds; nil if it is none.
    private func unpacked(_ text: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: text) else { return nil }
        let bytes = [UInt8](data)
        guard Array(bytes[..<4]) == [0x1c, 0x84, 0x93, 0x14], Array(bytes[8..<10]) == [0x78, 0x01] else {
            return nil
        }
        #expect(bytes.count - 8 == bytes[4..<8].reduce(0) { $0 << 8 | Int($1) })
        var content: [UInt8] = []
        var place = 10
        while true {
            let isLast = bytes[place] == 1
            let length = Int(bytes[place + 1]) | Int(bytes[place + 2]) << 8
            #expect(Int(~(UInt16(bytes[place + 3]) | UInt16(bytes[place + 4]) << 8)) == length)
            content += bytes[place + 5..<place + 5 + length]
            place += 5 + length
            if isLast { break }
        }
        #expect(place + 4 == bytes.count, "only the check sum is left")
        return content
    }

    /// The reference: HdrHistogram(1, (1 << 42) - 1, 3) of the Python package hdrhistogram 0.10.8, with the middles of
    /// our buckets recorded, encoded, and inflated.
    @Test func `a histogram is encoded as the reference implementation encodes it`() throws {
        let histogram = Self.histogram([
            (2, 1), (255, 2), (300, 1), (2047, 1), (2048, 3), (4_000_000, 300), (20_123_456, 70_000),
            (5_000_000_000, 1),
        ])
        let content = try #require(unpacked(HdrEncoding.text(histogram)))
        #expect(
            content.map { String(format: "%02x", $0) }.joined()
                == "1c8493130000001900000000000000030000000000000001000003ffffffffff3ff0000000000000"
                + "0302f7030459029b1b020d06bdae01d804cd24e0c508b57f02")
    }

    @Test func `a log has a line for each second and clock, and says what it leaves out`() throws {
        let recording = RecordingBuilder(seconds: 3).failing(1..<2, each: 4).changed {
            $0.run.plan.name = "Two\nlines"
        }.recording
        let lines = try HistogramLog.text(recording).split(separator: "\n").map(String.init)
        #expect(
            Array(lines[..<5]) == [
                "#[run 20261124-093000-a-test-x7k2, Two lines]",
                "#[4 requests without a good answer are not in it]", "#[Histogram log format version 1.3]",
                "#[StartTime: 1795512600.000 (seconds since epoch), 2026-11-24T09:30:00.000Z]",
                #""StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram""#,
            ])
        let rows = lines.dropFirst(5).map { $0.split(separator: ",").map(String.init) }
        #expect(
            rows.map { Array($0[..<3]) }
                == (0..<3).flatMap { second in
                    ["latency", "service-time"].map { ["Tag=\($0)", "\(second).000", "1.000"] }
                })
        let latest = try #require(Double(rows[0][3]))
        #expect(abs(latest - recording.seconds[0].okLatency.maximum.inMilliseconds) < 0.001)
        #expect(rows.allSatisfy { unpacked($0[4]) != nil })
    }
}
