package import History
package import Loopback
package import Plan
import Report

/// What a run in progress answers over HTTP: the live page, its drawings, and the metrics. A request's words in, an
/// answer's out: no socket.
package struct LiveView: Sendable {
    private let soFar: @Sendable () -> RunSoFar
    /// Real time since the start of the load.
    private let now: @Sendable () -> Nanoseconds

    package init(
        of soFar: @escaping @Sendable () -> RunSoFar, now: @escaping @Sendable () -> Nanoseconds
    ) {
        (self.soFar, self.now) = (soFar, now)
    }

    /// A page of another site may make a browser ask us under that site's name (DNS rebinding): only loopback's own
    /// names are answered.
    package func answer(_ request: LoopbackRequest) -> LoopbackAnswer {
        guard let host = request.headers["host"], Self.isLoopback(host) else {
            let name = request.headers["host"].map { "\"\($0)\"" } ?? "no name"
            return Self.problem(403, "ask for 127.0.0.1 or localhost; this is \(name)")
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return Self.problem(405, "GET only")
        }
        var answer: LoopbackAnswer
        do {
            switch request.path {
            case "/": answer = Self.page(try LivePage(soFar().timeline, now: now()).text())
            case "/figures": answer = Self.page(try LivePage(soFar().timeline, now: now()).figures())
            case "/metrics":
                answer = Self.answer(
                    200, "text/plain; version=0.0.4; charset=utf-8", LiveMetrics(soFar(), now: now()).text
                )
            default: answer = Self.problem(404, "there are /, /figures and /metrics")
            }
        } catch {
            answer = Self.problem(500, "\(error)")
        }
        if request.method == "HEAD" { answer.body = "" }
        return answer
    }

    private static func page(_ text: String) -> LoopbackAnswer {
        answer(200, "text/html; charset=utf-8", text)
    }

    private static func problem(_ status: Int, _ words: String) -> LoopbackAnswer {
        answer(status, "text/plain; charset=utf-8", words + "\n")
    }

    private static func answer(_ status: Int, _ type: String, _ body: String) -> LoopbackAnswer {
        LoopbackAnswer(
            status: status, headers: [("Content-Type", type), ("Cache-Control", "no-store")], body: body)
    }

    private static func isLoopback(_ host: String) -> Bool {
        host.wholeMatch(of: /(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?/.ignoresCase()) != nil
    }
}
