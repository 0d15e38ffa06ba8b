import HTTP
import History
import Plan

/// What an answer leaves with the user that asked for it, in a load of journeys.
extension Worker {
    /// Cookies and values of an answer that has come.
    ///
    /// - Parameter failure: what its status makes of it; a failed one gives no values, but its cookies count.
    /// - Returns: that, or what has been found wrong beside it.
    func collect(_ slot: Int, _ visits: Visits, _ failure: FailureClass?, _ now: Nanoseconds) -> FailureClass?
    {
        let user = slots[slot].user
        if visits.hasCookies(slots[slot].parser) {
            // Rendered again: its user has not changed since it was sent.
            visits.takeCookies(slots[slot].parser, user, request: text(of: slot), at: now)
        }
        if failure != nil { return failure }
        return visits.takeValues(slots[slot].parser, user, slots[slot].route) ? nil : .missingValue
    }
}
