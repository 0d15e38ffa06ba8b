import History
package import Load

/// The load engine as the Conductor's player.
package struct EngineLoad: LoadPlayer {
    private let engine: LoadEngine

    package init(_ engine: LoadEngine) { self.engine = engine }

    /// Throws when the ledger could not be written: then tracked requests were not sent, and the disk needs a look.
    package func play() async throws {
        let summary = try await engine.play()
        if let problem = summary.ledgerProblem { throw LedgerFailure(problem: problem) }
    }

    package func stop() { engine.stop() }
    package func spread(over addresses: [String]) { engine.spread(over: addresses) }
}

/// Tracked writes could not be put into the ledger before they were due.
package struct LedgerFailure: Error, CustomStringConvertible {
    var problem: String
    package var description: String { "the ledger of tracked writes could not be written: \(problem)" }
}
