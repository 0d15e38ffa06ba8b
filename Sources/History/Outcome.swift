/// How a request ended.
package enum Outcome: Hashable, Sendable {
    case ok
    case failed(FailureClass)
    /// Never sent: no slot was free, or its deadline passed first.
    case dropped
    /// Sent, and still open when the run ended or was cut off.
    case unfinished
}

/// Why a sent request failed. The raw values are those of the recording.
package enum FailureClass: String, Hashable, Codable, Sendable, CaseIterable {
    /// The name could not be resolved.
    case dns
    /// The connection was refused, unreachable or timed out.
    case connect
    case tls
    /// The peer closed or reset a new connection, or one in mid-answer.
    case reset
    /// A kept-alive connection was closed before the first byte of the answer.
    case reusedReset = "reused-reset"
    /// Nothing complete within the request's timeout, sent → done.
    case timeout
    /// Done later than its deadline, due → done.
    case deadline
    /// 502, 503 or 504 made by the balancer itself.
    case balancer5xx = "balancer-5xx"
    /// 5xx from the application.
    case application5xx = "application-5xx"
    /// Any other status that was not expected.
    case unexpectedStatus = "unexpected-status"
    /// The answer was as expected, but a value that the user's later requests need is not in it, or is too long.
    case missingValue = "missing-value"
    /// A redirect that was to be followed leads to another host, or nowhere, or is one too many in a row.
    case redirect
    /// Bytes that are not an HTTP answer, or an answer over the size limit.
    case badResponse = "bad-response"
}
