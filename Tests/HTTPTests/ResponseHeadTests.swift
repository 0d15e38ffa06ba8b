import HTTP
import Testing

/// The head that a parser keeps, and the headers that are found in it.
@Suite struct ResponseHeadTests {
    private static func head(of answer: String, pieces: Int, room: Int = 1000) -> String {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 8)
        defer { buffer.deallocate() }
        var parser = ResponseParser()
        parser.headRoom = buffer
        parser.reset(isHead: false)
        let bytes = Array(answer.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            let piece = Array(bytes[start..<min(bytes.count, start + pieces)])
            piece.withUnsafeBytes { piece in
                if case .failed(let bad) = parser.feed(piece) { Issue.record("\(bad)") }
            }
        }
        return String(decoding: buffer[..<parser.keptCount], as: UTF8.self)
    }

    private static let final =
        "HTTP/1.1 200 OK\r\nX-Token:  abc \r\nContent-Length: 2\r\nx-token: second\r\nConnection: close\r\n\r\n"

    @Test(arguments: 1...40)
    func `the head of the final answer is kept, however it comes`(_ pieces: Int) {
        let answer = "HTTP/1.1 100 Continue\r\nX-Token: early\r\n\r\n" + Self.final + "ok"
        #expect(Self.head(of: answer, pieces: pieces) == Self.final)
    }

    @Test func `what does not fit is left out, and without room there is nothing`() {
        #expect(Self.head(of: Self.final + "ok", pieces: 7, room: 20) == "HTTP/1.1 200 OK\r\nX-T")
        #expect(Self.head(of: Self.final + "ok", pieces: 7, room: 0).isEmpty)
    }

    @Test func `headers are found by name, one after the other`() {
        Array(Self.final.utf8).withUnsafeBytes { bytes in
            Array("x-token".utf8).withUnsafeBytes { name in
                var head = ResponseHead(bytes)
                #expect(head.next(name).map { String(decoding: $0, as: UTF8.self) } == "abc")
                #expect(head.next(name).map { String(decoding: $0, as: UTF8.self) } == "second")
                #expect(head.next(name) == nil)
            }
        }
    }
}
