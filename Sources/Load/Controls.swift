import HTTP
import Synchronization

/// What the workers and the rest of the engine tell each other while the load runs: atomics only.
final class Controls: Sendable {
    /// Sending ends at once.
    let isStopped = Atomic<Bool>(false)
    /// Tracked requests below this index have a durable ledger row.
    let ledgerHorizon: Atomic<UInt64>
    /// The highest index any worker of a closed load has taken up, plus one.
    let progress = Atomic<UInt64>(0)
    /// To wake the workers out of their waits.
    let pollers: [Poller]

    init(pollers: [Poller], ledgerHorizon: UInt64) {
        self.pollers = pollers
        self.ledgerHorizon = Atomic(ledgerHorizon)
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        for poller in pollers { poller.wake() }
    }

    func publish(horizon: UInt64) {
        ledgerHorizon.store(horizon, ordering: .releasing)
        for poller in pollers { poller.wake() }
    }
}
