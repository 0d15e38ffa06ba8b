import HTTP
import History
import Plan

/// Requests that libcurl carries: a load over HTTP/2.
extension Worker {
    /// A request that a kept connection lost before any of its answer came is sent again so often, as libcurl does. It
    /// does not where the server says GOAWAY: Node does after a thousand resets of streams, and libcurl 7.88 resets
    /// each stream whose answer has no length, though it has ended.
    private static var resendLimit: Int { 5 }

    func carry(_ slot: Int, _ multiplexer: Multiplexer) {
        let node = slots[slot].node
        slots[slot].state = .carried
        slots[slot].remote = node < job.target.addresses.count ? node : 0
        let timeout = Int(routes[slots[slot].route].timeout.inMilliseconds.rounded(.up))
        // Slots never move.
        let isStarted = (slots + slot).pointer(to: \.parser).map {
            multiplexer.start(
                slot, to: endpoints[node], text(of: slot), parser: $0, timeoutMilliseconds: timeout)
        }
        if isStarted != true {
            took(1, slot)
            withdraw(slot)
        }
    }

    func finishCarried() {
        while let finished = multiplexer?.nextFinished() {
            let slot = finished.slot
            guard slots[slot].state == .carried else { continue }
            if job.target.addresses.isEmpty { slots[slot].remote = name(finished.address) }
            slots[slot].isReused = finished.isReused
            slots[slot].received += UInt64(finished.receivedBytes)
            took(finished.newConnections, slot)
            switch finished.failure {
            case nil: answered(slot, isClean: true)
            case .dial(let failure) where failure.isOurs: withdraw(slot)
            case .dial(let failure): fail(slot, FailureClass(failure.stage))
            case .lost:
                let isStale = finished.isReused && !slots[slot].parser.hasStarted
                if isStale, slots[slot].resends < Self.resendLimit, let multiplexer {
                    slots[slot].resends += 1
                    carry(slot, multiplexer)
                } else {
                    fail(slot, isStale ? .reusedReset : .reset)
                }
            case .badAnswer: fail(slot, .badResponse)
            case .otherVersion:
                downgraded += 1
                fail(slot, .badResponse)
            }
        }
    }

    /// So many connections were made for its request.
    func took(_ connections: Int, _ slot: Int) {
        tally.row(due: slots[slot].due, route: slots[slot].route).pointee.newConnections &+= UInt64(
            connections)
    }
}
