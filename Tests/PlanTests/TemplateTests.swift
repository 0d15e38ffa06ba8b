import Plan
import Testing

@Suite struct TemplateTests {
    @Test func `each placeholder is replaced by what the draw says`() {
        let template = Template([
            .literal("/a/"), .int(low: 7, high: 7), .literal("/"), .seq, .literal("/"), .oneOf(["x"]),
            .literal("?"),
            .uuid,
        ])
        var draw = Draw(seed: 1, run: "r", index: 41)
        let text = template.render(&draw)
        #expect(text == "/a/7/41/x?" + Draw(seed: 1, run: "r", index: 41).uuid)
    }

    @Test func `the uuid is the same wherever it stands in one request`() {
        var draw = Draw(seed: 1, run: "r", index: 1)
        let path = Template([.int(low: 0, high: 99), .uuid]).render(&draw)
        let body = Template([.int(low: 0, high: 99), .uuid]).render(&draw)
        #expect(path.suffix(36) == body.suffix(36))
    }

    @Test func `the same draw renders the same text`() {
        let template = Template([.int(low: 1, high: 1_000_000), .literal("-"), .oneOf(["a", "b", "c"])])
        var first = Draw(seed: 1, run: "a", index: 8)
        var second = Draw(seed: 1, run: "b", index: 8)
        #expect(template.render(&first) == template.render(&second))
    }

    @Test func `every choice and both ends of a range come up`() {
        var seen: Set<String> = []
        for index in 0..<500 {
            var draw = Draw(seed: 1, run: "r", index: UInt64(index))
            seen.insert(Template([.int(low: -1, high: 1), .oneOf(["a", "b"])]).render(&draw))
        }
        #expect(seen == ["-1a", "-1b", "0a", "0b", "1a", "1b"])
    }

    @Test(arguments: [
        (Template(literal: "/"), true), (Template([]), true),
        (Template([.literal("a"), .literal("b")]), true),
        (Template([.literal("a"), .seq]), false), (Template([.uuid]), false),
    ])
    func `a template without placeholders is constant`(_ template: Template, _ isConstant: Bool) {
        #expect(template.isConstant == isConstant)
    }
}
