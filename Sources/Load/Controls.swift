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
    /// The target's nodes that take new requests, a bit each; a balancer withdraws a node by taking it out of its name.
    let nodesInService = Atomic<UInt64>(.max)
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

    /// Whose turn it is: the `index`-th of the `count` nodes, passing over those out of service.
    func node(for index: UInt64, of count: Int) -> Int {
        let all: UInt64 = count >= 64 ? .max : (1 << UInt64(count)) - 1
        var inService = nodesInService.load(ordering: .relaxed) & all
        guard inService != all, inService != 0 else { return Int(index % UInt64(count)) }
        // The n-th set bit, found by taking away those before it.
        for _ in 0..<index % UInt64(inService.nonzeroBitCount) { inService &= inService - 1 }
        return inService.trailingZeroBitCount
    }

    func publish(horizon: UInt64) {
        ledgerHorizon.store(horizon, ordering: .releasing)
        for poller in pollers { poller.wake() }
    }
}
