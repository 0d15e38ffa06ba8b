import Foundation
import Load
import Plan
import Testing

/// `basic`: user and password as they are sent.
@Suite struct BasicTests {
    /// Of all lengths modulo three, some not ASCII.
    private static let people = DataTable(
        name: "people", columns: ["name", "password"],
        values: [
            ["a", "ab", "abc", "ü", "", String(repeating: "long", count: 50)],
            ["1", "zwölf", ":", "€", "", "?>~"],
        ], order: .inTurn)

    private static let basic = Template([
        .field(table: 0, column: 0, .plain), .literal(":"), .field(table: 0, column: 1, .plain), .seq,
    ])

    @Test func `user and password are sent in base64, row by row, with what else is sent`() throws {
        let request = Request(
            route: "POST /", weight: 1, method: .post, path: Template([.literal("/"), .seq]),
            headers: [Request.Header(name: "X", value: Template(literal: "y"))],
            body: Request.Body(contentType: "text/plain", template: Template([.literal("n"), .seq])),
            basic: Self.basic)
        let plan = Plan(
            name: "basic", load: .closed(users: 1, duration: .seconds(1)), requests: [request],
            tables: [Self.people])
        let renderer = RequestRenderer(plan: plan, authority: "h", userAgent: "u", seed: 1, runID: "r")
        let rendering = Rendering(renderer)
        for index in 0..<12 as Range<UInt64> {
            var draw = Draw(seed: 1, run: "r", index: index)
            let text = Self.basic.render(&draw, tables: [Self.people])
            #expect(
                rendering.text(index) == """
                    POST /\(index) HTTP/1.1\r
                    Host: h\r
                    User-Agent: u\r
                    Accept: */*\r
                    Content-Type: text/plain\r
                    X: y\r
                    Authorization: Basic \(Data(text.utf8).base64EncodedString())\r
                    Content-Length: \("n\(index)".utf8.count)\r
                    \r
                    n\(index)
                    """)
            #expect(rendering.body == "n\(index)")
        }
    }
}
