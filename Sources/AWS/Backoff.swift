import Synchronization

/// How long to wait before a retry: doubling, with half of it drawn, so that callers do not come back together.
final class Backoff: Sendable {
    private let state: Mutex<UInt64>

    init(seed: UInt64) { state = Mutex(seed) }

    /// Before the second try (`attempt` 1), the third (2)… Throttled calls wait longer: AWS refills in seconds.
    func delay(attempt: Int, isThrottled: Bool) -> Duration {
        let base = isThrottled ? 500.0 : 100.0
        let whole = min(base * Double(1 << min(attempt - 1, 10)), 5_000)
        return .milliseconds(Int64(whole * (0.5 + 0.5 * draw())))
    }

    /// Uniform in [0, 1): SplitMix64 (Steele, Lea, Flood 2014).
    private func draw() -> Double {
        let word = state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        return Double(word >> 11) * 0x1p-53
    }
}
