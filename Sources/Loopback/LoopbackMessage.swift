package import Foundation

/// One HTTP request, as it came in.
package struct LoopbackRequest: Sendable {
    package var method: String
    package var path: String
    /// The raw query string, without the question mark; empty if there is none.
    package var query: String
    /// Names in lower case.
    package var headers: [String: String]
    package var body: Data
    /// The body was larger than the server takes and is not here.
    package var isTooLarge: Bool

    package init(
        method: String = "POST", path: String = "/", query: String = "", headers: [String: String],
        body: Data,
        isTooLarge: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.isTooLarge = isTooLarge
    }
}

/// What is answered.
package struct LoopbackAnswer: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: String

    package init(status: Int, headers: [(name: String, value: String)], body: String) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
