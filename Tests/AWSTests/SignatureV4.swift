/// AWS Signature Version 4, recomputed from a request as it arrived: the check on libcurl's.
///
/// Written from the standard (FIPS 180-4, RFC 2104) and AWS's description of the canonical request, and itself checked
/// against their published vectors in SignatureTests.
enum SHA256 {
    private static let k: [UInt32] = {
        // The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
        var primes: [UInt64] = []
        var candidate: UInt64 = 2
        while primes.count < 64 {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes.map { prime in
            // ⌊∛p · 2³²⌋ by bisection: the largest x with x³ ≤ p · 2⁹⁶.
            var low: UInt64 = 0
            var high: UInt64 = 1 << 36
            while high - low > 1 {
                let middle = (low + high) / 2
                if isCube(middle, atMost: prime) { low = middle } else { high = middle }
            }
            return UInt32(truncatingIfNeeded: low)
        }
    }()

    /// x³ ≤ prime · 2⁹⁶, in 128 bits.
    private static func isCube(_ x: UInt64, atMost prime: UInt64) -> Bool {
        let value = UInt128(x) * UInt128(x) * UInt128(x)
        return value <= UInt128(prime) << 96
    }

    static func hash(_ message: [UInt8]) -> [UInt8] {
        var h: [UInt32] = [
            0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
            0x5BE0_CD19,
        ]
        var bytes = message + [0x80]
        while bytes.count % 64 != 56 { bytes.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: (message.count * 8) >> shift))
        }
        for start in stride(from: 0, to: bytes.count, by: 64) { block(bytes[start..<start + 64], &h) }
        return h.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) } }
    }

    private static func block(_ bytes: ArraySlice<UInt8>, _ h: inout [UInt32]) {
        func right(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
        var w = [UInt32](repeating: 0, count: 64)
        for i in 0..<16 {
            for j in 0..<4 { w[i] = w[i] << 8 | UInt32(bytes[bytes.startIndex + 4 * i + j]) }
        }
        for i in 16..<64 {
            let s0 = right(w[i - 15], 7) ^ right(w[i - 15], 18) ^ w[i - 15] >> 3
            let s1 = right(w[i - 2], 17) ^ right(w[i - 2], 19) ^ w[i - 2] >> 10
            w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
        }
        var v = h
        for i in 0..<64 {
            let s1 = right(v[4], 6) ^ right(v[4], 11) ^ right(v[4], 25)
            let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
            let one = v[7] &+ s1 &+ choice &+ k[i] &+ w[i]
            let s0 = right(v[0], 2) ^ right(v[0], 13) ^ right(v[0], 22)
            let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
            v = [one &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ one, v[4], v[5], v[6]]
        }
        for i in 0..<8 { h[i] = h[i] &+ v[i] }
    }

    static func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var padded = key.count > 64 ? hash(key) : key
        padded += [UInt8](repeating: 0, count: 64 - padded.count)
        return hash(padded.map { $0 ^ 0x5C } + hash(padded.map { $0 ^ 0x36 } + message))
    }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

enum SignatureV4 {
    static func key(secret: String, date: String, region: String, service: String) -> [UInt8] {
        [date, region, service, "aws4_request"].reduce(Array("AWS4\(secret)".utf8)) {
            SHA256.hmac(key: $0, Array($1.utf8))
        }
    }

    /// `headers`: those that are signed, lower-case, sorted.
    static func signature(
        method: String, path: String, query: String, headers: [(name: String, value: String)], body: [UInt8],
        secret: String, time: String, region: String, service: String
    ) -> String {
        let canonical = [
            method, path, query, headers.map { "\($0.name):\($0.value)\n" }.joined(),
            headers.map(\.name).joined(separator: ";"), SHA256.hex(SHA256.hash(body)),
        ].joined(separator: "\n")
        let date = String(time.prefix(8))
        let text = [
            "AWS4-HMAC-SHA256", time, "\(date)/\(region)/\(service)/aws4_request",
            SHA256.hex(SHA256.hash(Array(canonical.utf8))),
        ].joined(separator: "\n")
        let key = key(secret: secret, date: date, region: region, service: service)
        return SHA256.hex(SHA256.hmac(key: key, Array(text.utf8)))
    }
}
