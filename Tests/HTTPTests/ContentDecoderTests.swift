import TestKit
import Testing

@testable import HTTP

@Suite struct ContentDecoderTests {
    private static let text = Array(
        (0..<2000).map { #"{"number": \#($0), "name": "item \#($0 * 7919 % 1000)"}"# }.joined(separator: "\n")
            .utf8)

    private enum Outcome: Equatable {
        case bytes([UInt8], isWhole: Bool)
        case unknownCoding, damaged
    }

    private static func decode(
        _ body: [UInt8], isWhole: Bool = true, _ coding: String?, with decoder: ContentDecoder
    ) -> Outcome {
        let name = coding.map { Array($0.utf8) }
        return body.withUnsafeBytes { body in
            (name ?? []).withUnsafeBytes { bytes in
                switch decoder.decode(body, isWhole: isWhole, coding: name == nil ? nil : bytes) {
                case .bytes(let content, let isWhole): .bytes(Array(content), isWhole: isWhole)
                case .unknownCoding: .unknownCoding
                case .damaged: .damaged
                }
            }
        }
    }

    @Test(arguments: [("gzip", 31), ("X-GZip", 31), ("deflate", 15), ("Deflate", -15)])
    func `one decoder reads one body after the other, damaged ones in between`(
        _ coding: String, _ wrapping: Int
    ) throws {
        let decoder = try ContentDecoder(roomFor: 1 << 20)
        let body = try Compressed.bytes(of: Self.text, wrapping: wrapping)
        for _ in 0..<3 {
            #expect(Self.decode(body, coding, with: decoder) == .bytes(Self.text, isWhole: true))
            #expect(Self.decode(Array("<html>".utf8), coding, with: decoder) == .damaged)
            #expect(Self.decode(Array(body.dropLast(20)), coding, with: decoder) == .damaged)
        }
        #expect(Self.decode([], coding, with: decoder) == .damaged)
    }

    @Test func `of a body that was cut off there is what came before the cut`() throws {
        let decoder = try ContentDecoder(roomFor: 1 << 20)
        let body = try Compressed.bytes(of: Self.text, wrapping: 31)
        guard
            case .bytes(let content, isWhole: false) = Self.decode(
                Array(body.prefix(body.count / 2)), isWhole: false, "gzip", with: decoder)
        else {
            Issue.record("nothing")
            return
        }
        #expect(content.count > Self.text.count / 4 && Self.text.starts(with: content))
    }

    @Test func `what is more than the room is left out`() throws {
        let decoder = try ContentDecoder(roomFor: 1000)
        let body = try Compressed.bytes(of: Self.text, wrapping: 31)
        let start = Array(Self.text.prefix(1000))
        #expect(Self.decode(body, "gzip", with: decoder) == .bytes(start, isWhole: false))
        // What fills the room exactly is whole.
        let short = try Compressed.bytes(of: start, wrapping: 31)
        #expect(Self.decode(short, "gzip", with: decoder) == .bytes(start, isWhole: true))
    }

    @Test func `what is not compressed stays, what is unknown is said to be`() throws {
        let decoder = try ContentDecoder(roomFor: 1000)
        #expect(Self.decode(Self.text, nil, with: decoder) == .bytes(Self.text, isWhole: true))
        #expect(Self.decode([1], isWhole: false, "identity", with: decoder) == .bytes([1], isWhole: false))
        #expect(Self.decode([1], "br", with: decoder) == .unknownCoding)
        #expect(Self.decode([1], "gzip, br", with: decoder) == .unknownCoding)
    }
}
