package import Plan

/// Counts of durations in log-linear buckets: a relative error of at most 1/256 (0.4 %), from 1 ns to 2⁴² ns (73 min).
///
/// Values below 256 ns have a bucket each; above, each octave [2ᵉ, 2ᵉ⁺¹) is cut into 128 equal buckets, and a value is
/// reported as the middle of its bucket, clamped to the recorded minimum and maximum, which are exact.
/// Histograms merge by adding counts, so any window of seconds merges exactly. Counts saturate at 2³²−1.
///
/// One that is recorded into holds every bucket (18 KB); one that is kept (`compact`, or read from its blob) holds the
/// filled ones only, 8 bytes each, and an empty one nothing: an hour of seconds and routes is held at once.
package struct LatencyHistogram: Sendable {
    /// 256 single buckets and 34 octaves of 128.
    package static let bucketCount = 256 + 34 * 128
    package static let largest = Nanoseconds((1 << 42) - 1)

    /// A bucket that is filled.
    package struct Bin: Hashable, Sendable {
        package var bucket: UInt16
        package var count: UInt32
    }

    /// By bucket; empty in the sparse form.
    private var dense: [UInt32] = []
    /// Ascending; empty in the dense form.
    private var sparse: [Bin] = []
    package private(set) var total: UInt64 = 0
    package private(set) var minimum = Nanoseconds(.max)
    package private(set) var maximum = Nanoseconds(.min)
    /// How many values were outside [0, largest] and were recorded at the edge.
    package private(set) var clamped: UInt64 = 0

    package init() {}

    package var isEmpty: Bool { total == 0 }

    package mutating func record(_ value: Nanoseconds, times: UInt32 = 1) {
        makeRoom()
        let inRange = min(max(value.count, 0), Self.largest.count)
        if inRange != value.count { clamped += UInt64(times) }
        let bucket = Self.bucket(of: UInt64(inRange))
        dense[bucket] = Self.saturatingSum(dense[bucket], times)
        total += UInt64(times)
        minimum = min(minimum, Nanoseconds(inRange))
        maximum = max(maximum, Nanoseconds(inRange))
    }

    package mutating func merge(_ other: LatencyHistogram) {
        guard !other.isEmpty else { return }
        if isEmpty && dense.isEmpty {
            self = other
            // Never the buckets of another: the next value would have it copy them.
            compact()
            return
        }
        makeRoom()
        other.forEachBin { bin in
            let bucket = Int(bin.bucket)
            dense[bucket] = Self.saturatingSum(dense[bucket], bin.count)
        }
        total += other.total
        clamped += other.clamped
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
    }

    /// Back to empty, keeping the storage.
    package mutating func reset() {
        guard total > 0 else { return }
        for i in dense.indices { dense[i] = 0 }
        sparse = []
        total = 0
        clamped = 0
        minimum = Nanoseconds(.max)
        maximum = Nanoseconds(.min)
    }

    /// Takes room for every bucket, so that recording allocates nothing.
    package mutating func makeRoom() {
        guard dense.isEmpty else { return }
        dense = Array(repeating: 0, count: Self.bucketCount)
        for bin in sparse { dense[Int(bin.bucket)] = bin.count }
        sparse = []
    }

    /// Keeps the filled buckets only.
    package mutating func compact() {
        guard !dense.isEmpty else { return }
        sparse = bins
        dense = []
    }

    /// The filled buckets, ascending.
    package var bins: [Bin] {
        guard !dense.isEmpty else { return sparse }
        var filled = 0
        forEachBin { _ in filled += 1 }
        var bins: [Bin] = []
        bins.reserveCapacity(filled)
        forEachBin { bins.append($0) }
        return bins
    }

    private func forEachBin(_ body: (Bin) -> Void) {
        if dense.isEmpty {
            for bin in sparse { body(bin) }
        } else if total > 0 {
            let lowest = Self.bucket(of: UInt64(minimum.count))
            for bucket in lowest...Self.bucket(of: UInt64(maximum.count)) where dense[bucket] > 0 {
                body(Bin(bucket: UInt16(bucket), count: dense[bucket]))
            }
        }
    }

    /// The smallest recorded value that at least `percentile` % of the values do not exceed (nearest rank);
    /// nil if empty.
    ///
    /// `infinite` further values count as larger than any: with them the answer may be infinite, which is nil as well.
    package func value(atPercentile percentile: Double, infinite: UInt64 = 0) -> Nanoseconds? {
        let all = total + infinite
        guard all > 0 else { return nil }
        let rank = max(1, UInt64((percentile / 100 * Double(all) - 1e-9).rounded(.up)))
        guard rank <= total else { return nil }
        if rank == total { return maximum }
        var seen: UInt64 = 0
        for bin in bins {
            seen += UInt64(bin.count)
            if seen >= rank { return min(max(Self.middle(of: Int(bin.bucket)), minimum), maximum) }
        }
        return maximum
    }

    /// How many values lie surely above `limit`, by bucket middle.
    package func count(above limit: Nanoseconds) -> UInt64 {
        var above: UInt64 = 0
        forEachBin { if Self.middle(of: Int($0.bucket)) > limit { above += UInt64($0.count) } }
        return above
    }

    /// The bucket of a value: its top 8 bits and its exponent.
    @inline(__always)
    package static func bucket(of value: UInt64) -> Int {
        guard value >= 256 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        return 256 + (exponent - 8) * 128 + Int((value >> UInt64(exponent - 7)) & 127)
    }

    /// The middle of a bucket.
    package static func middle(of bucket: Int) -> Nanoseconds {
        guard bucket >= 256 else { return Nanoseconds(Int64(bucket)) }
        let octave = (bucket - 256) / 128
        let width = Int64(1) << Int64(octave + 1)
        return Nanoseconds(Int64(128 + (bucket - 256) % 128) * width + width / 2)
    }

    private static func saturatingSum(_ a: UInt32, _ b: UInt32) -> UInt32 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }
}

/// By what is counted, in whatever form it is held.
extension LatencyHistogram: Hashable {
    package static func == (a: LatencyHistogram, b: LatencyHistogram) -> Bool {
        a.total == b.total && a.clamped == b.clamped && a.minimum == b.minimum && a.maximum == b.maximum
            && a.bins == b.bins
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(total)
        hasher.combine(minimum)
        hasher.combine(maximum)
        hasher.combine(bins)
    }
}

// MARK: - The blob

extension LatencyHistogram {
    /// The blob is damaged: why, in words.
    package struct DecodingError: Error, Hashable, CustomStringConvertible {
        package var description: String
    }

    /// Format 1: a version byte, then LEB128 varints: minimum, maximum, clamped, and for each filled bucket
    /// the gap from
    /// the last one and its count. An empty histogram is the version byte alone.
    package var blob: [UInt8] {
        var bytes: [UInt8] = [1]
        guard total > 0 else { return bytes }
        func put(_ value: UInt64) {
            var rest = value
            while rest >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        put(UInt64(minimum.count))
        put(UInt64(maximum.count))
        put(clamped)
        var last = -1
        for bin in bins {
            put(UInt64(Int(bin.bucket) - last))
            put(UInt64(bin.count))
            last = Int(bin.bucket)
        }
        return bytes
    }

    package init(blob: [UInt8]) throws(DecodingError) {
        self.init()
        guard blob.first == 1 else {
            throw DecodingError(
                description: "histogram format \(blob.first.map(String.init) ?? "missing"), known: 1")
        }
        var position = 1
        func take() throws(DecodingError) -> UInt64 {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while position < blob.count, shift < 64 {
                let byte = blob[position]
                position += 1
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
            throw DecodingError(description: "histogram ends early, at byte \(position)")
        }
        guard blob.count > 1 else { return }
        let low = try take()
        let high = try take()
        clamped = try take()
        guard low <= high, high <= UInt64(Self.largest.count) else {
            throw DecodingError(description: "histogram of \(low)…\(high) ns")
        }
        minimum = Nanoseconds(Int64(low))
        maximum = Nanoseconds(Int64(high))
        // Two bytes or more for each bucket.
        sparse.reserveCapacity((blob.count - position) / 2)
        var last = -1
        while position < blob.count {
            let gap = try take()
            let count = try take()
            guard gap >= 1, gap <= UInt64(Self.bucketCount - 1 - last), count >= 1,
                count <= UInt64(UInt32.max)
            else {
                throw DecodingError(description: "histogram bucket \(last) + \(gap) with count \(count)")
            }
            last += Int(gap)
            sparse.append(Bin(bucket: UInt16(last), count: UInt32(count)))
            total += count
        }
        guard total > 0, sparse.first.map({ Int($0.bucket) }) == Self.bucket(of: low),
            last == Self.bucket(of: high)
        else { throw DecodingError(description: "histogram of \(low)…\(high) ns with other buckets") }
    }
}
