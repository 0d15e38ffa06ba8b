/// The random choices of one request: a pure function of seed, run and index, so a run can be repeated
/// exactly.
///
/// SplitMix64 (Steele, Lea, Flood 2014), started at a mix of seed and index. The draws — which request of the
/// mix, which number for `{int}` — depend on the seed only; `{uuid}` depends on the run as well, so that
/// repeating a run writes new rows.
package struct Draw: Sendable {
    package let index: UInt64
    private let runHash: UInt64
    /// Where the draws began: for choices that are the same wherever they stand in one request.
    private let origin: UInt64
    private var state: UInt64

    package init(seed: UInt64, run: String, index: UInt64) {
        self.init(seed: seed, runHash: Draw.hash(run), index: index)
    }

    /// With the run's name hashed once by `hash`, for the send path.
    package init(seed: UInt64, runHash: UInt64, index: UInt64) {
        self.index = index
        self.runHash = runHash
        origin = Draw.mix(seed) ^ Draw.mix(index &+ 0x9E37_79B9_7F4A_7C15)
        state = origin
    }

    /// FNV-1a, 64 bit: stable over processes and versions, unlike `Hasher`.
    package static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Draw.mix(state)
    }

    /// Uniform in [0, 1).
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform over the range, both ends included.
    package mutating func int(in range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(bitPattern: range.upperBound &- range.lowerBound) &+ 1
        guard width != 0 else { return Int64(bitPattern: next()) }
        return range.lowerBound &+ Int64(bitPattern: next().multipliedFullWidth(by: width).high)
    }

    /// The index into `cumulativeWeights` (ascending, last = 1) that this request takes. Must be the first
    /// draw.
    package mutating func pick(_ cumulativeWeights: [Double]) -> Int {
        let x = unit()
        return cumulativeWeights.firstIndex { x < $0 } ?? cumulativeWeights.count - 1
    }

    /// The row that the request takes of a table with so many, the same each time it is asked.
    @inline(__always)
    package func row(of rows: Int, _ order: DataTable.Order, table: Int) -> Int {
        switch order {
        case .inTurn: return Int(index % UInt64(rows))
        case .atRandom:
            let drawn = Draw.mix(origin ^ Draw.mix(~UInt64(table)))
            return Int(drawn.multipliedFullWidth(by: UInt64(rows)).high)
        }
    }

    /// Version 8 (RFC 9562: own scheme): 122 bits of mixed run and index.
    package var uuid: String {
        var bytes = [UInt8]()
        bytes.reserveCapacity(36)
        writeUUID { bytes.append($0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The 36 bytes of `uuid`, one by one, without allocating.
    package func writeUUID(_ put: (UInt8) -> Void) {
        let high = Draw.mix(runHash ^ Draw.mix(index)) & 0xFFFF_FFFF_FFFF_0FFF | 0x8000
        let low = Draw.mix(runHash &+ Draw.mix(~index)) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 { put(0x2D) }
            let word = nibble < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - (nibble & 15) * 4)) & 15
            put(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }

    package static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
