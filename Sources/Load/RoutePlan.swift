import History
import Plan

/// What the send path must know of one kind of request.
struct RoutePlan {
    let isHead: Bool
    let isTracked: Bool
    let followsRedirects: Bool
    let timeout: Nanoseconds
    let deadline: Nanoseconds
    /// Which list of the worker's timeouts it is in: routes with the same timeout share one, ordered by
    /// start.
    let timeoutList: Int
    /// Empty: any 2xx or 3xx.
    let expected: UnsafeBufferPointer<Int>

    /// nil: as expected.
    @inline(__always)
    func failure(status: Int, hasServerTiming: Bool) -> FailureClass? {
        if expected.isEmpty ? (200..<400).contains(status) : expected.contains(status) { return nil }
        // The application puts Server-Timing on every answer; a balancer's own error page has none.
        if (502...504).contains(status), !hasServerTiming { return .balancer5xx }
        return (500..<600).contains(status) ? .application5xx : .unexpectedStatus
    }

    /// The caller frees it with `free`.
    static func compile(_ plan: Plan) -> (routes: UnsafeBufferPointer<RoutePlan>, timeouts: [Nanoseconds]) {
        let timeouts = Set(plan.requests.map(\.timeout)).sorted()
        let routes = plan.requests.map { request in
            RoutePlan(
                isHead: request.method == .head, isTracked: request.tracking != nil,
                followsRedirects: request.redirects == .followed, timeout: request.timeout,
                deadline: request.deadline, timeoutList: timeouts.firstIndex(of: request.timeout) ?? 0,
                expected: CompiledTemplate.copy(request.expectedStatuses))
        }
        return (CompiledTemplate.copy(routes), timeouts)
    }

    static func free(_ routes: UnsafeBufferPointer<RoutePlan>) {
        for route in routes { route.expected.deallocate() }
        routes.deallocate()
    }
}
