/// Everything recorded of one run: what readers read.
package struct Recording: Hashable, Sendable {
    package var run: RunRecord
    /// By second, then route.
    package var seconds: [LoadSecond]
    package var generator: [GeneratorSecond]
    /// By time.
    package var events: [Event]
    /// By index in the Plan.
    package var faults: [FaultRecord]
    /// By time.
    package var platform: [PlatformSample]
    /// By index.
    package var ledger: [LedgerEntry]
    /// By index in the Plan; those that were begun.
    package var probes: [ProbeRecord]

    package init(
        run: RunRecord, seconds: [LoadSecond] = [], generator: [GeneratorSecond] = [], events: [Event] = [],
        faults: [FaultRecord] = [], platform: [PlatformSample] = [], ledger: [LedgerEntry] = [],
        probes: [ProbeRecord] = []
    ) {
        self.run = run
        self.seconds = seconds
        self.generator = generator
        self.events = events
        self.faults = faults
        self.platform = platform
        self.ledger = ledger
        self.probes = probes
    }
}
