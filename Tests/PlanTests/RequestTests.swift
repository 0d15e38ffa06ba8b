import Foundation
import Plan
import Testing

@Suite struct RequestTests {
    private static let request = Request(
        route: "PUT /photo", weight: 1, method: .put, path: Template(literal: "/photo"),
        body: Request.Body(contentType: "image/png", bytes: [0x89, 0x50, 0x00, 0xFF]),
        basic: Template([.field(table: 0, column: 0, .plain), .literal(":secret")]), redirects: .followed)

    private static func object(_ request: Request) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(request)) as? [String: Any])
    }

    private static func decode(_ object: [String: Any]) throws -> Request {
        try JSONDecoder().decode(Request.self, from: JSONSerialization.data(withJSONObject: object))
    }

    @Test func `a request comes back from its recording unchanged, bytes in base64`() throws {
        let object = try Self.object(Self.request)
        #expect((object["body"] as? [String: Any])?["bytes"] as? String == "iVAA/w==")
        #expect(try Self.decode(object) == Self.request)
    }

    @Test func `one from before there were files, basic and follow is what it was`() throws {
        var request = Request(
            route: "POST /", weight: 1, method: .post, path: Template(literal: "/"),
            body: Request.Body(contentType: "text/plain", template: Template([.literal("a"), .seq])))
        var object = try Self.object(request)
        object["redirects"] = nil
        #expect(object["basic"] == nil)
        let body = try #require(object["body"] as? [String: Any])
        #expect(Set(body.keys) == ["contentType", "template"])
        #expect(try Self.decode(object) == request)
        request.redirects = .followed
        #expect(try Self.decode(object) != request)
    }

    @Test func `bytes that are no base64 are an error, not another body`() throws {
        var object = try Self.object(Self.request)
        object["body"] = ["contentType": "image/png", "bytes": "?"]
        #expect(throws: DecodingError.self) { try Self.decode(object) }
    }

    @Test func `a file is the same in every request, a template with placeholders is not`() {
        #expect(Self.request.body?.isConstant == true && Self.request.body?.template == nil)
        #expect(Request.Body(contentType: "text/plain", template: Template(literal: "a")).isConstant)
        #expect(!Request.Body(contentType: "text/plain", template: Template([.seq])).isConstant)
    }
}
