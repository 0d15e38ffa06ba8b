import Plan
import Testing

@testable import Load

/// One value out of a text of JSON, in the room there is for it.
@Suite struct JSONFinderTests {
    private static func find(
        _ path: [JSONPath.Step], in text: String, isWhole: Bool = true, room: Int = 64
    ) -> (found: TakenValue, text: String) {
        let steps = CompiledTemplate.copy(
            path.map { step -> JSONFinder.Step in
                switch step {
                case .key(let key): .key(CompiledTemplate.copy(key))
                case .index(let index): .index(index)
                }
            })
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: room)
        defer { buffer.deallocate() }
        let found = Array(text.utf8).withUnsafeBytes {
            JSONFinder.find(steps, in: $0, isWhole: isWhole, into: buffer)
        }
        guard case .bytes(let count) = found else { return (found, "") }
        return (found, String(decoding: buffer[..<count], as: UTF8.self))
    }

    @Test(
        arguments: [
            ([.key("a")], #"{"a": "x"}"#, "x"),
            ([.key("a")], #" { "b" : {"a": 1, "c": [1, "}", {}]} , "a" : -1.5e3 } "#, "-1.5e3"),
            ([.key("a"), .key("b")], #"{"a":{"b":true}}"#, "true"),
            ([.key("a"), .index(2)], #"{"a":[[], {"x": ","}, false, 4]}"#, "false"),
            ([.index(0), .index(1)], "[[0,1]]", "1"),
            ([], "17", "17"),
            ([], #""text""#, "text"),
            ([.key("ü\"")], #"{"\u00fc\"": "found"}"#, "found"),
            (
                [.key("a")], #"{"a": "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83d"}"#,
                "\"\\/\u{8}\u{c}\n\r\té😀\u{fffd}"
            ),
            ([.key("a")], #"{"a": "first", "a": "second"}"#, "first"),
            ([.key("")], #"{"": "empty"}"#, "empty"),
            ([.key("a")], #"{"a": ""}"#, ""),
        ] as [([JSONPath.Step], String, String)])
    func `a value is found and freed of its escapes`(
        _ path: [JSONPath.Step], _ text: String, _ value: String
    ) {
        let found = Self.find(path, in: text)
        #expect(found.found == .bytes(value.utf8.count) && found.text == value, "\(found)")
    }

    @Test(
        arguments: [
            ([.key("a")], "{}"), ([.key("a")], ""), ([.key("a")], "[]"), ([.key("a")], #"{"b": 1}"#),
            ([.key("a")], #"{"a": null}"#), ([.key("a")], #"{"a": {}}"#), ([.key("a")], #"{"a": [1]}"#),
            ([.key("a")], #"{"a": yes}"#), ([.key("a")], #"{"a": "x"#), ([.key("a")], #"{"a" "x"}"#),
            ([.index(1)], "[1]"), ([.index(0)], "[]"), ([.index(1)], "[{1]"), ([.key("aa")], #"{"a": 1}"#),
            ([.key("a"), .key("b")], #"{"a": 1, "b": 2}"#), ([.key("a")], "<html>"), ([], "  "),
        ] as [([JSONPath.Step], String)])
    func `what is not there, or is no value, is absent`(_ path: [JSONPath.Step], _ text: String) {
        #expect(Self.find(path, in: text).found == .absent)
    }

    @Test func `too long, and cut off, are told apart`() {
        #expect(Self.find([.key("a")], in: #"{"a": "12345"}"#, room: 5).text == "12345")
        #expect(Self.find([.key("a")], in: #"{"a": "123456"}"#, room: 5).found == .tooLong)
        #expect(Self.find([.key("a")], in: #"{"a": 1234"#, isWhole: false).found == .cutOff)
        #expect(Self.find([.key("a")], in: #"{"b": "x"#, isWhole: false).found == .cutOff)
        #expect(Self.find([.key("a")], in: #"{"a": 1, "b": "x"#, isWhole: false).text == "1")
        #expect(Self.find([.key("a")], in: #"{"b": 1}  "#, isWhole: false).found == .absent)
    }

    @Test func `nothing that is cut or turned makes it read beyond its text`() {
        let text = #"{"a": [{"b": "x\u00e9\\"}, 1.5, {"c": {"d": [true, "e"]}}], "f": "\ud83d\ude00"}"#
        let bytes = Array(text.utf8)
        var draw = Draw(seed: 3, run: "json", index: 0)
        for _ in 0..<3000 {
            var changed = Array(bytes.prefix(Int(draw.int(in: 0...Int64(bytes.count)))))
            if !changed.isEmpty {
                changed[Int(draw.int(in: 0...Int64(changed.count - 1)))] =
                    bytes[
                        Int(draw.int(in: 0...Int64(bytes.count - 1)))]
            }
            let part = String(decoding: changed, as: UTF8.self)
            _ = Self.find([.key("a"), .index(2), .key("c"), .key("d"), .index(1)], in: part)
            _ = Self.find([.key("f")], in: part, isWhole: false)
        }
    }
}
