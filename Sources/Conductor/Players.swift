package import History

/// Sends the Plan's requests when they are due. Load's engine is one; tests script another.
package protocol LoadPlayer: Sendable {
    /// Plays the whole load and returns after the drain, or soon after `stop`.
    func play() async throws
    /// Ends sending at once; what is open drains. From any thread, more than once.
    func stop()
    /// Sends new requests to these balancer nodes only, as a client does that has looked the name up again.
    func spread(over addresses: [String])
}

/// Plays the Plan's faults, each a debt that is repaid. Chaos' engine is one; tests script another.
package protocol FaultPlayer: Sendable {
    /// Refuses, by throwing, whatever must not start: an unpaid debt, a guard, a fault without a target.
    func preflight() async throws
    /// Injects the fault now, holds it for its duration, reverts and proves the healing. Cancelled: reverts at once.
    func play(_ index: Int) async
    /// Records that the fault is not injected, and why.
    func skip(_ index: Int, because reason: String)
    /// Reverts whatever is still open. Returns what could not be.
    func healAll() async -> [FaultRecord]
}

/// Runs the Plan's probes. Watch has the one; tests script another.
package protocol ProbePlayer: Sendable {
    /// Runs the probe now and records its answer. Cancelled: ends its command at once, and records that.
    func play(_ index: Int) async
}

/// Records what the platform does until it is cancelled.
package protocol PlatformWatcher: Sendable {
    func run() async
}

/// Reads tracked writes back after the run.
package protocol LedgerReader: Sendable {
    /// The entries with `readBack` filled in, as far as they could be read.
    func readBack(_ entries: [LedgerEntry]) async -> [LedgerEntry]
}
