import HTTP
import History
import Plan

/// Redirects that are followed: one request of the load, and several on the wire.
extension Worker {
    /// The answer leads elsewhere: the same user sends the next request by the same slot, while the time allowed to the
    /// whole runs on; or the request has failed.
    func follow(_ slot: Int, _ chains: RedirectChains, _ now: Nanoseconds, keepsConnection: Bool) {
        let status = slots[slot].parser.status
        // Rendered again: its user has not changed since it was sent.
        let request = text(of: slot)
        if let visits, visits.hasCookies(slots[slot].parser) {
            visits.takeCookies(slots[slot].parser, slots[slot].user, request: request, at: now)
        }
        guard chains.lead(slot, slots[slot].route, by: slots[slot].parser, request: request) else {
            return finish(slot, .redirect, status, now, keepsConnection: keepsConnection)
        }
        guard now - slots[slot].due <= routes[slots[slot].route].deadline else {
            return finish(slot, .deadline, status, now, keepsConnection: keepsConnection)
        }
        sendNext(slot, now, keepsConnection: keepsConnection)
    }

    private func sendNext(_ slot: Int, _ now: Nanoseconds, keepsConnection: Bool) {
        slots[slot].sentBytes = 0
        slots[slot].parser.reset(isHead: routes[slots[slot].route].isHead)
        if let multiplexer {
            carry(slot, multiplexer)
        } else if keepsConnection, isYoung(slot, now) {
            slots[slot].isReused = true
            slots[slot].state = .sending
            send(slot)
        } else {
            disconnect(slot)
            slots[slot].isReused = false
            took(1, slot)
            dial(slot)
        }
    }

    func text(of slot: Int, at redirect: Redirect) -> UnsafeRawBufferPointer {
        let visit = visits.map { UnsafePointer($0.visit(of: slots[slot].user)) }
        renderer.render(
            slots[slot].index, slots[slot].route, at: redirect, of: visit, into: &request, scratch: scratch)
        return request.bytes
    }
}
