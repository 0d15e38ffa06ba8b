import Foundation
package import History
import Plan

/// A run's durations in HdrHistogram's interval log, version 1.3, for the tools that read it (HistogramLogAnalyzer,
/// hdr-plot and others): for each second of the load the latencies, and the service times, of the good answers.
///
/// Values are in nanoseconds, the column Interval_Max in milliseconds, as HdrHistogram's own writer has it. Requests
/// without a good answer cannot be in a histogram that ends somewhere: a comment counts them.
package enum HistogramLog {
    /// Throws if the recording does not say when it was started.
    package static func text(_ recording: Recording) throws -> String {
        let start = try timestamp.parse(recording.run.startedAt).timeIntervalSince1970
        let seconds = recording.totalsBySecond
        let bad = seconds.reduce(0) { $0 + $1.totals.bad }
        var lines = [
            "#[run \(recording.run.id), \(oneLine(recording.run.plan.name))]",
            "#[\(bad) requests without a good answer are not in it]",
            "#[Histogram log format version 1.3]",
            "#[StartTime: \(thousandths(start)) (seconds since epoch), \(recording.run.startedAt)]",
            "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"",
        ]
        for (second, totals) in seconds {
            for (tag, histogram) in [("latency", totals.latency), ("service-time", totals.serviceTime)]
            where !histogram.isEmpty {
                lines.append(
                    "Tag=\(tag),\(second).000,1.000,\(thousandths(histogram.maximum.inMilliseconds)),"
                        + HdrEncoding.text(histogram))
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static let timestamp = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// Text from outside must not begin a line of its own.
    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    private static func thousandths(_ value: Double) -> String {
        let count = Int64((value * 1000).rounded())
        return "\(count / 1000)." + String(count % 1000 + 1000).dropFirst()
    }
}

/// HdrHistogram's compressed encoding, version 2 (org.HdrHistogram.AbstractHistogram, public domain), as base64: for
/// three significant digits, values from 1 ns to `LatencyHistogram.largest`.
enum HdrEncoding {
    private static let cookie: Int32 = 0x1c84_9313
    private static let compressedCookie: Int32 = 0x1c84_9314
    private static let digits: Int32 = 3
    /// 2,048 equal steps to the octave's end tell three digits apart; half of them are new in each octave.
    private static let halfMagnitude = 10

    static func text(_ histogram: LatencyHistogram) -> String {
        var bytes: [UInt8] = []
        let body = plain(histogram)
        let compressed = zlib(body)
        put(compressedCookie, into: &bytes)
        put(Int32(compressed.count), into: &bytes)
        return Data(bytes + compressed).base64EncodedString()
    }

    private static func plain(_ histogram: LatencyHistogram) -> [UInt8] {
        let counts = counts(histogram)
        var bytes: [UInt8] = []
        put(cookie, into: &bytes)
        put(Int32(counts.count), into: &bytes)
        put(Int32(0), into: &bytes)  // the normalizing index offset: none
        put(digits, into: &bytes)
        put(Int64(1), into: &bytes)
        put(LatencyHistogram.largest.count, into: &bytes)
        put(Int64(bitPattern: 1.0.bitPattern), into: &bytes)  // integer to double: as they are
        return bytes + counts
    }

    /// A count for each bucket up to the last filled one; a run of empty ones is its negative length.
    private static func counts(_ histogram: LatencyHistogram) -> [UInt8] {
        var bytes: [UInt8] = []
        var next = 0
        var merged: [(index: Int, count: Int64)] = []
        for bin in histogram.bins {
            let middle = LatencyHistogram.middle(of: Int(bin.bucket))
            let index = index(of: UInt64(min(max(middle, histogram.minimum), histogram.maximum).count))
            if merged.last?.index == index {
                merged[merged.count - 1].count += Int64(bin.count)
            } else {
                merged.append((index, Int64(bin.count)))
            }
        }
        for (index, count) in merged {
            let empty = index - next
            if empty > 0 { putZigZag(empty == 1 ? 0 : Int64(-empty), into: &bytes) }
            putZigZag(count, into: &bytes)
            next = index + 1
        }
        return bytes
    }

    /// The value's place in HdrHistogram's array of counts.
    static func index(of value: UInt64) -> Int {
        let mask = UInt64(1) << UInt64(halfMagnitude + 1) - 1
        let octave = 64 - (halfMagnitude + 1) - (value | mask).leadingZeroBitCount
        let step = Int(value >> UInt64(octave))
        return ((octave + 1) << halfMagnitude) + step - (1 << halfMagnitude)
    }

    /// LEB128 of at most nine bytes, the ninth with all its eight bits.
    private static func putZigZag(_ value: Int64, into bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        for _ in 0..<8 {
            guard rest >= 0x80 else { break }
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func put(_ value: some FixedWidthInteger, into bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
    }

    /// A zlib stream (RFC 1950) of stored blocks (RFC 1951): a second's counts are some hundred bytes, and compressing
    /// them would save less than a library costs.
    private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let end = min(start + 0xFFFF, bytes.count)
            let length = UInt16(end - start)
            stream.append(end == bytes.count ? 1 : 0)
            for part in [length, ~length] { stream += [UInt8(part & 0xFF), UInt8(part >> 8)] }
            stream += bytes[start..<end]
            start = end
        } while start < bytes.count
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        put(b << 16 | a, into: &stream)
        return stream
    }
}
