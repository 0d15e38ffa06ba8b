import Foundation
package import History
package import Plan
import Report

/// What a run in progress answers over HTTP: the live page, its drawings, and the metrics. A request's words in, an
/// answer's out: no socket.
package struct LiveView: Sendable {
    private let recording: @Sendable () -> Recording
    /// Real time since the start of the load.
    private let now: @Sendable () -> Nanoseconds

    package init(
        recording: @escaping @Sendable () -> Recording, now: @escaping @Sendable () -> Nanoseconds
    ) {
        (self.recording, self.now) = (recording, now)
    }

    package struct Answer: Hashable, Sendable {
        package var status: Int
        package var contentType: String
        package var body: String

        fileprivate static func problem(_ status: Int, _ words: String) -> Answer {
            Answer(status: status, contentType: "text/plain; charset=utf-8", body: words + "\n")
        }
    }

    /// `host`: of the request's header. A page of another site may make a browser ask us under that site's name (DNS
    /// rebinding): only loopback's own names are answered.
    package func answer(method: String, path: String, host: String?) -> Answer {
        guard let host, Self.isLoopback(host) else {
            return .problem(403, "ask for 127.0.0.1 or localhost; this is \(host.map { "\"\($0)\"" } ?? "no name")")
        }
        guard method == "GET" || method == "HEAD" else { return .problem(405, "GET only") }
        do {
            switch path {
            case "/":
                return Answer(
                    status: 200, contentType: "text/html; charset=utf-8",
                    body: try LivePage(recording(), now: now()).text())
            case "/figures":
                return Answer(
                    status: 200, contentType: "text/html; charset=utf-8",
                    body: try LivePage(recording(), now: now()).figures())
            case "/metrics":
                return Answer(
                    status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8",
                    body: LiveMetrics(recording(), now: now()).text)
            default: return .problem(404, "there are /, /figures and /metrics")
            }
        } catch {
            return .problem(500, "\(error)")
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        host.wholeMatch(of: /(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?/.ignoresCase()) != nil
    }
}
