import Plan
import Testing

@testable import Load

/// The group of a plain regular expression, found byte by byte.
@Suite struct PatternFinderTests {
    private static func find(
        _ pattern: String, in text: String, isWhole: Bool = true, room: Int = 64
    ) throws -> (found: TakenValue, text: String) {
        let pattern = try Pattern(pattern)
        let items = CompiledTemplate.copy(pattern.items)
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: room)
        defer {
            items.deallocate()
            buffer.deallocate()
        }
        let found = Array(text.utf8).withUnsafeBytes {
            PatternFinder.find(items, pattern.group, in: $0, isWhole: isWhole, into: buffer)
        }
        guard case .bytes(let count) = found else { return (found, "") }
        return (found, String(decoding: buffer[..<count], as: UTF8.self))
    }

    @Test(arguments: [
        (#"name="csrf" value="([^"]+)""#, #"<input name="csrf" value="a1-B"><input>"#, "a1-B"),
        (#"id=(\d+)"#, "no id= here, id=42x id=7", "42"),
        (#"<b>(.*)</b>"#, "<b>one</b><b>two</b>", "one</b><b>two"),
        (#"<b>(.*?)</b>"#, "<b>one</b><b>two</b>", "one"),
        (#"a+(a)b"#, "aaab", "a"),
        (#"(\w+)@\w+\.test"#, "mail a.b, ann_1@shop.test", "ann_1"),
        (#"x?([a-c-]*)$end"#.replacing("$", with: ""), "abc-end", "abc-"),
        (#"^"#.replacing("^", with: "()"), "anything", ""),
        (#"ü=([^,]+),"#, "a=1,ü=é😀,", "é😀"),
        (#"\[([\]\\x]+)\]"#, #"[x\]]"#, #"x\]"#),
        (#"(\s\S\W\D)"#, "a b-c", " b-c"),
        (#"a.(b)"#, "a\nb a-b", "b"),
    ])
    func `the first match gives its group`(_ pattern: String, _ text: String, _ value: String) throws {
        let found = try Self.find(pattern, in: text)
        #expect(found.found == .bytes(value.utf8.count) && found.text == value, "\(found)")
    }

    @Test func `absent, too long, cut off and too hard are told apart`() throws {
        #expect(try Self.find("id=(\\d+)", in: "id=x").found == .absent)
        #expect(try Self.find("id=(\\d+)", in: "").found == .absent)
        #expect(try Self.find("id=(\\d+)", in: "id=123456", room: 5).found == .tooLong)
        #expect(try Self.find("id=(\\d+)", in: "id=12", isWhole: false).found == .cutOff)
        #expect(try Self.find("id=(\\d+);", in: "id=12", isWhole: false).found == .cutOff)
        #expect(try Self.find("id=(\\d+);", in: "id=12; ", isWhole: false).text == "12")
        let hard = String(repeating: "a", count: 5000)
        #expect(try Self.find("a*a*a*(b)", in: hard).found == .tooHard)
    }

    @Test(arguments: [
        ("(a|b)", Pattern.Fault.unsupported("|", at: 2)), ("^(a)", .unsupported("^", at: 0)),
        ("(a){2}", .unsupported("{", at: 3)), ("(?:a)", .unsupported("?", at: 1)),
        ("(a)+", .unsupported("+", at: 3)),
        ("a", .groups(at: 1)), ("(a", .groups(at: 2)), ("(a)(b)", .groups(at: 3)), ("((a))", .groups(at: 1)),
        ("a)", .groups(at: 1)), ("(*)", .nothingToRepeat(at: 1)), ("([a)", .openClass(at: 1)),
        ("(\\b)", .unknownEscape("b", at: 2)), ("(\\", .unknownEscape("\\", at: 1)),
        ("([ü])", .notASCII(at: 2)),
        ("(ü+)", .notASCII(at: 1)), ("([z-a])", .backwards(at: 2)),
        (String(repeating: "a", count: 201), .tooLong(at: 200)),
    ])
    func `what is not of this kind is refused at its place`(_ text: String, _ fault: Pattern.Fault) {
        #expect(throws: fault) { try Pattern(text) }
    }
}
