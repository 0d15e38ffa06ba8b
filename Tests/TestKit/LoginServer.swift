import Synchronization

/// A shop behind a login: each login gets a token, a cookie and a number of its own, and every other request must bring
/// all of one login, in order. What does not is refused and remembered.
package final class LoginServer: Sendable {
    private struct State {
        /// By number: how many requests each login has brought, itself included.
        var sessions: [Int] = []
        var names: [String] = []
        var intrusions: [String] = []
    }

    private let state = Mutex(State())
    /// In front of each token: it needs escaping in a path and in JSON.
    package static let prefix = "a/\"b\\ ü="

    package init() {}

    package var sessions: [Int] { state.withLock { $0.sessions } }
    /// Who logged in, in the order in which they did.
    package var names: [String] { state.withLock { $0.names } }
    /// Requests that did not bring what one login was given, or came out of order.
    package var intrusions: [String] { state.withLock { $0.intrusions } }

    package func answer(_ request: String) -> ScriptedTarget.Behaviour {
        let lines = request.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        let path = lines[0].split(separator: " ")[1]
        func header(_ name: String) -> String? {
            lines.first { $0.lowercased().hasPrefix(name + ": ") }.map {
                String($0.dropFirst(name.count + 2))
            }
        }
        let body = lines.last ?? ""
        return state.withLock { state in
            if path == "/login" {
                state.names.append(body)
                state.sessions.append(1)
                let number = state.sessions.count - 1
                // With a cookie in hand the visit would not be a new one.
                if header("cookie") != nil { state.intrusions.append(request) }
                return Self.welcome(number)
            }
            guard let number = header("x-session").flatMap({ Int($0) }),
                state.sessions.indices.contains(number),
                Self.isComplete(
                    number, step: state.sessions[number], path: String(path), body, cookie: header("cookie"),
                    csrf: header("x-csrf"))
            else {
                state.intrusions.append(request)
                return Self.text("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
            }
            state.sessions[number] += 1
            let goodbye = path == "/logout" ? "Set-Cookie: sid=; Path=/; Max-Age=0\r\n" : ""
            return Self.text("HTTP/1.1 200 OK\r\n\(goodbye)Content-Length: 2\r\n\r\nok")
        }
    }

    private static func isComplete(
        _ number: Int, step: Int, path: String, _ body: String, cookie: String?, csrf: String?
    ) -> Bool {
        let cookies = "sid=\(number); theme=dark"
        switch step {
        case 1: return path == "/me/a%2F%22b%5C%20%C3%BC%3D\(number)" && cookie == cookies
        case 2:
            return path == "/orders" && cookie == cookies && csrf == "c\(number)"
                && body == #"{"token": "a/\"b\\ ü=\#(number)", "session": \#(number)}"#
        case 3: return path == "/logout" && cookie == cookies
        case 4: return path == "/" && cookie == "theme=dark"
        default: return false
        }
    }

    private static func welcome(_ number: Int) -> ScriptedTarget.Behaviour {
        let body =
            #"{"old": [{"token": "no"}], "data": {"token": "a\/\"b\\ \u00fc=\#(number)"}, "session": \#(number)}"#
        return text(
            "HTTP/1.1 200 OK\r\nX-CSRF: c\(number)\r\nSet-Cookie: sid=\(number); Path=/; HttpOnly\r\n"
                + "Set-Cookie: theme=dark\r\nSet-Cookie: trap=1; Domain=other.test\r\n"
                + "Set-Cookie: deep=1; Path=/orders/deep\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }

    private static func text(_ text: String) -> ScriptedTarget.Behaviour { .bytes(Array(text.utf8)) }
}
