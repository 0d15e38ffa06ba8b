/// What became of the requests of one route that were due in one second of real time.
///
/// Conservation: planned = sent + dropped; sent = ok + failed + unfinished. The row is provisional while
/// requests of its
/// second are open (they count as unfinished) and is written again, whole, when the last has ended.
package struct LoadSecond: Hashable, Sendable {
    /// Real seconds since the start of the load.
    package var second: Int
    /// Index into the Plan's requests.
    package var route: Int
    package var planned: UInt64 = 0
    package var sent: UInt64 = 0
    package var dropped: UInt64 = 0
    package var ok: UInt64 = 0
    package var failed: UInt64 = 0
    package var unfinished: UInt64 = 0
    /// Dropped for reasons of our own (no ledger row in time), part of `dropped`: not the system's failure.
    package var droppedByUs: UInt64 = 0
    /// Connections dialled for these requests.
    package var newConnections: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    package var failures: [FailureCount] = []
    /// done − due.
    package var okLatency = LatencyHistogram()
    /// done − sent.
    package var okServiceTime = LatencyHistogram()
    package var failedLatency = LatencyHistogram()
    package var failedServiceTime = LatencyHistogram()
    /// One for each hop of the Plan's system, of all answers that told it.
    package var hops: [LatencyHistogram]

    package init(second: Int, route: Int, hops: Int = 0) {
        self.second = second
        self.route = route
        self.hops = Array(repeating: LatencyHistogram(), count: hops)
    }

    /// Makes each histogram take room for all it can count, or keep what it has counted only.
    package mutating func changeHistograms(_ change: (inout LatencyHistogram) -> Void) {
        change(&okLatency)
        change(&okServiceTime)
        change(&failedLatency)
        change(&failedServiceTime)
        for place in hops.indices { change(&hops[place]) }
    }

    package var isConserved: Bool { planned == sent + dropped && sent == ok + failed + unfinished }
    /// Requests without a good answer: they count as infinitely slow.
    package var bad: UInt64 { failed + dropped + unfinished }
}

/// Failures of one second and route with the same cause.
package struct FailureCount: Hashable, Sendable {
    package var failure: FailureClass
    /// The balancer node's address, also where connecting to it failed; "" if its name was never resolved.
    package var node: String
    /// On a kept-alive connection, not a new one.
    package var reusedConnection: Bool
    /// The HTTP status, 0 if none was read.
    package var status: Int
    package var count: UInt64

    package init(failure: FailureClass, node: String, reusedConnection: Bool, status: Int, count: UInt64) {
        self.failure = failure
        self.node = node
        self.reusedConnection = reusedConnection
        self.status = status
        self.count = count
    }
}

extension [FailureCount] {
    /// Adds to the one with the same cause, or begins one.
    package mutating func add(_ failure: FailureCount) {
        for place in indices where self[place].hasSameCause(as: failure) {
            self[place].count += failure.count
            return
        }
        append(failure)
    }
}

extension FailureCount {
    fileprivate func hasSameCause(as other: FailureCount) -> Bool {
        failure == other.failure && status == other.status && reusedConnection == other.reusedConnection
            && node == other.node
    }
}
