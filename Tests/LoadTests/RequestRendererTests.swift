import Load
import Plan
import Testing

@Suite struct RequestRendererTests {
    static let plan = Plan(
        name: "mix", load: .closed(users: 1, duration: .seconds(1)),
        requests: [
            Request(route: "GET /", weight: 0.3, method: .get, path: Template(literal: "/")),
            Request(
                route: "GET item", weight: 0.3, method: .get,
                path: Template([
                    .literal("/items/"), .int(low: -5, high: 500), .literal("?c="), .oneOf(["red", "blue"]),
                    .literal("&n="), .field(table: 0, column: 1, .percent),
                ]),
                headers: [
                    Request.Header(name: "X-Seq", value: Template([.seq])),
                    Request.Header(name: "user-agent", value: Template(literal: "mine")),
                ]),
            Request(
                route: "POST item", weight: 0.4, method: .post,
                path: Template([.literal("/items/"), .int(low: 1, high: 9)]),
                headers: [Request.Header(name: "X-Colour", value: Template([.oneOf(["a", "bb", "ccc"])]))],
                body: Request.Body(
                    contentType: "application/json",
                    template: Template([
                        .literal("{\"id\": \""), .uuid, .literal("\", \"n\": "), .int(low: .min, high: .max),
                        .literal(", \"w\": \""), .field(table: 1, column: 0, .jsonString), .literal("\"}"),
                    ])),
                tracking: Tracking(readBack: Template([.literal("/items/"), .uuid]))),
        ],
        tables: [
            DataTable(
                name: "users", columns: ["id", "name"], values: [["1", "2", "3"], ["a b", "ü", "c&d"]],
                order: .inTurn),
            DataTable(name: "words", columns: ["w"], values: [["x", "\"y\"", "long\n"]], order: .atRandom),
        ])

    /// The request as the contract words it: Template.render in the order path, headers, body.
    static func reference(_ index: UInt64) -> (route: Int, text: String, body: String) {
        var draw = Draw(seed: 7, run: "run-1", index: index)
        let route = draw.pick([0.3, 0.6, 1.0])
        let request = plan.requests[route]
        let path = request.path.render(&draw, tables: plan.tables)
        let headers = request.headers.map { "\($0.name): \($0.value.render(&draw, tables: plan.tables))\r\n" }
            .joined()
        let body = request.body?.template?.render(&draw, tables: plan.tables) ?? ""
        var text = "\(request.method.rawValue) \(path) HTTP/1.1\r\nHost: example.test:8080\r\n"
        if route != 1 { text += "User-Agent: loadchaos/9\r\n" }
        text += "Accept: */*\r\n"
        if let body = request.body { text += "Content-Type: \(body.contentType)\r\n" }
        text += headers
        if request.body != nil { text += "Content-Length: \(body.utf8.count)\r\n" }
        return (route, text + "\r\n" + body, body)
    }

    private let renderer = RequestRenderer(
        plan: plan, authority: "example.test:8080", userAgent: "loadchaos/9", seed: 7, runID: "run-1")

    @Test func `what is sent is what the templates say, byte for byte`() {
        let rendering = Rendering(renderer)
        for index in 0..<2000 as Range<UInt64> {
            let wanted = Self.reference(index)
            #expect(rendering.text(index) == wanted.text)
            #expect(renderer.route(of: index) == wanted.route)
        }
    }

    @Test func `the ledger keeps the key and the body that are sent`() {
        var tracked = 0
        for index in 0..<500 as Range<UInt64> {
            let wanted = Self.reference(index)
            let facts = renderer.ledgerFacts(index)
            #expect((facts != nil) == (wanted.route == 2))
            guard let facts else { continue }
            tracked += 1
            let key = Draw(seed: 7, run: "run-1", index: index).uuid
            #expect(facts.body == wanted.body && facts.body.contains(key))
            #expect(facts.key == key && facts.readPath == "/items/\(key)")
        }
        #expect(tracked > 100)
    }

    @Test func `a write without a body says that it is empty`() {
        let plan = Plan(
            name: "empty", load: .closed(users: 1, duration: .seconds(1)),
            requests: [Request(route: "POST /", weight: 1, method: .post, path: Template(literal: "/"))])
        let renderer = RequestRenderer(plan: plan, authority: "h", userAgent: "u", seed: 1, runID: "r")
        #expect(
            Rendering(renderer).text(0)
                == "POST / HTTP/1.1\r\nHost: h\r\nUser-Agent: u\r\nAccept: */*\r\nContent-Length: 0\r\n\r\n")
    }
}
