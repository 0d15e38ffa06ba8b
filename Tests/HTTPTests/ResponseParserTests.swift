import HTTP
import Testing

/// One sample, and what must be read from it. `closes`: the server closes after the last byte.
struct Sample: CustomTestStringConvertible, Sendable {
    var name: String
    var bytes: String
    var isHead = false
    var closes = false
    var status = 200
    var body = ""
    var keeps = true
    var timing = false
    /// In place of the rest.
    var failure: BadResponse?

    var testDescription: String { name }
}

@Suite struct ResponseParserTests {
    static let good: [Sample] = [
        Sample(name: "length", bytes: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", body: "hello"),
        Sample(name: "length zero", bytes: "HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n"),
        Sample(
            name: "length with blanks", bytes: "HTTP/1.1 200 OK\r\nContent-Length: \t 2 \r\n\r\nok",
            body: "ok"),
        Sample(
            name: "length twice",
            bytes: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", body: "ok"),
        Sample(
            name: "no reason", bytes: "HTTP/1.1 404\r\nContent-Length: 2\r\n\r\nno", status: 404, body: "no"),
        Sample(name: "bare line feeds", bytes: "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", body: "ok"),
        Sample(
            name: "chunks",
            bytes:
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\nA\r\n, wide wor\r\n2\r\nld\r\n0\r\n\r\n",
            body: "hello, wide world"),
        Sample(
            name: "chunk extensions and trailers",
            bytes:
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "5;a=\"b\";c\r\nhello\r\n000;z\r\nX-Sum: 1\r\nY: 2\r\n\r\n",
            body: "hello"),
        Sample(
            name: "chunks win over length",
            bytes:
                "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "1\r\na\r\n0\r\n\r\n",
            body: "a"),
        Sample(
            name: "until the close", bytes: "HTTP/1.1 200 OK\r\n\r\nall of it", closes: true,
            body: "all of it", keeps: false),
        Sample(name: "until the close, empty", bytes: "HTTP/1.1 200 OK\r\n\r\n", closes: true, keeps: false),
        Sample(
            name: "connection close",
            bytes: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na", body: "a",
            keeps: false),
        Sample(
            name: "close among others",
            bytes: "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 1\r\n\r\na", body: "a",
            keeps: false),
        Sample(
            name: "HTTP/1.0",
            bytes: "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n"
                + "a", body: "a", keeps: false),
        Sample(
            name: "HTTP/1.0 keep-alive",
            bytes: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na", body: "a"),
        Sample(name: "HEAD", bytes: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", isHead: true),
        Sample(name: "204", bytes: "HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n", status: 204),
        Sample(
            name: "304 with length", bytes: "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
            status: 304),
        Sample(
            name: "interim answers",
            bytes:
                "HTTP/1.1 100 Continue\r\n\r\n"
                + "HTTP/1.1 103 Early Hints\r\nContent-Length: 7\r\n\r\n"
                + "HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\na",
            status: 201, body: "a"),
        Sample(
            name: "server timing",
            bytes: "HTTP/1.1 503 No\r\nServer-Timing: app;dur=1\r\nContent-Length: 0\r\n\r\n", status: 503,
            timing: true),
        Sample(
            name: "folded header", bytes: "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 1\r\n\r\na",
            body: "a"),
        Sample(
            name: "long names are no match",
            bytes: "HTTP/1.1 200 OK\r\nContent-Length-Of-Something-Else: 9\r\nContent-Length: 1\r\n\r\na",
            body: "a"),
    ]

    static let bad: [Sample] = [
        Sample(name: "garbage", bytes: "SSH-2.0-OpenSSH\r\n", failure: .statusLine),
        Sample(name: "HTTP/2", bytes: "HTTP/2 200\r\n\r\n", failure: .statusLine),
        Sample(name: "status of two digits", bytes: "HTTP/1.1 20 OK\r\n\r\n", failure: .status),
        Sample(name: "status of four digits", bytes: "HTTP/1.1 2000 OK\r\n\r\n", failure: .status),
        Sample(name: "status 099", bytes: "HTTP/1.1 099 Low\r\n\r\n", failure: .status),
        Sample(name: "upgrade", bytes: "HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n", failure: .upgrade),
        Sample(
            name: "header without colon", bytes: "HTTP/1.1 200 OK\r\nnothing\r\n\r\n", failure: .headerName),
        Sample(name: "header without name", bytes: "HTTP/1.1 200 OK\r\n: x\r\n\r\n", failure: .headerName),
        Sample(name: "fold before any header", bytes: "HTTP/1.1 200 OK\r\n x\r\n\r\n", failure: .headerName),
        Sample(name: "NUL in a header", bytes: "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", failure: .headerValue),
        Sample(
            name: "lengths that differ",
            bytes: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            failure: .contentLength),
        Sample(
            name: "length of words", bytes: "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n",
            failure: .contentLength),
        Sample(
            name: "length below zero", bytes: "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            failure: .contentLength),
        Sample(
            name: "length of two numbers", bytes: "HTTP/1.1 200 OK\r\nContent-Length: 1 2\r\n\r\n",
            failure: .contentLength),
        Sample(
            name: "length of nothing", bytes: "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
            failure: .contentLength),
        Sample(
            name: "length over 2^63", bytes: "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\n",
            failure: .contentLength),
        Sample(
            name: "chunk without size", bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
            failure: .chunkSize),
        Sample(
            name: "chunk size over 2^60",
            bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000000000000000\r\n",
            failure: .chunkSize),
        Sample(
            name: "chunk longer than its size",
            bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", failure: .chunkEnd),
        Sample(
            name: "cut off in the head", bytes: "HTTP/1.1 200 OK\r\nContent-Le", closes: true,
            failure: .cutOff),
        Sample(
            name: "cut off in the body", bytes: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
            closes: true, failure: .cutOff),
        Sample(
            name: "cut off before the last chunk",
            bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", closes: true,
            failure: .cutOff),
        Sample(
            name: "body over the limit", bytes: "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n",
            failure: .bodyTooLarge),
        Sample(
            name: "chunk over the limit",
            bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40000000\r\n", failure: .bodyTooLarge
        ),
        Sample(
            name: "head over the limit",
            bytes: "HTTP/1.1 200 OK\r\n" + String(repeating: "X-Filler: 0123456789\r\n", count: 3000),
            failure: .headTooLarge),
        Sample(
            name: "trailers over the limit",
            bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                + String(repeating: "X-Filler: 0123456789\r\n", count: 3000), failure: .headTooLarge),
    ]

    @Test(arguments: good) func `an answer is read as its sample says`(sample: Sample) {
        expect(sample, in: [Array(sample.bytes.utf8)])
    }

    @Test(arguments: bad) func `what is no answer is a typed failure`(sample: Sample) {
        expect(sample, in: [Array(sample.bytes.utf8)])
    }

    @Test(arguments: (good + bad).filter { $0.bytes.utf8.count < 1000 })
    func `an answer cut at any byte is read the same`(sample: Sample) {
        let bytes = Array(sample.bytes.utf8)
        for cut in 0...bytes.count { expect(sample, in: [Array(bytes[..<cut]), Array(bytes[cut...])]) }
        expect(sample, in: bytes.map { [$0] })
    }

    @Test func `bytes behind an answer are left where they are`() {
        var parser = ResponseParser()
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1".utf8)
        #expect(bytes.withUnsafeBytes { parser.feed($0) } == .complete(consumed: bytes.count - 8))
    }

    @Test func `a parser that was reset has forgotten the last answer`() {
        var parser = ResponseParser()
        _ = Array("HTTP/1.0 503 No\r\nServer-Timing: a\r\nContent-Length: 0\r\n\r\n".utf8)
            .withUnsafeBytes { parser.feed($0) }
        parser.reset(isHead: false)
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)
        #expect(bytes.withUnsafeBytes { parser.feed($0) } == .complete(consumed: bytes.count))
        #expect(parser.status == 200 && !parser.hasServerTiming && parser.keepsConnection)
    }

    /// Every mutation of every sample must end in some answer or failure, the same whole and in two pieces.
    @Test func `mutated answers never crash and never depend on the cut`() {
        var state: UInt64 = 20_261_124
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let interesting: [UInt8] = [0, 9, 10, 13, 32, 44, 48, 57, 58, 59, 102, 255]
        for _ in 0..<20_000 {
            let sample = (Self.good + Self.bad.dropLast(2))[random(Self.good.count + Self.bad.count - 2)]
            var bytes = Array(sample.bytes.utf8)
            for _ in 0...random(4) {
                let at = random(bytes.count)
                switch random(4) {
                case 0: bytes[at] = interesting[random(interesting.count)]
                case 1: bytes.insert(interesting[random(interesting.count)], at: at)
                case 2 where bytes.count > 1: bytes.remove(at: at)
                default: bytes[at] = UInt8(random(256))
                }
            }
            let cut = random(bytes.count + 1)
            let whole = read(sample, [bytes])
            let pieces = read(sample, [Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(whole == pieces, "cut at \(cut): \(bytes)")
        }
    }

    struct Reading: Equatable {
        var failure: BadResponse?
        var isComplete = false
        var status = 0
        var body = ""
        var keeps = false
        var timing = false
    }

    private func read(_ sample: Sample, _ pieces: [[UInt8]]) -> Reading {
        var parser = ResponseParser(isHead: sample.isHead)
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
        defer { room.deallocate() }
        parser.capture = room
        var progress = ResponseParser.Progress.incomplete
        for piece in pieces where progress == .incomplete {
            progress = piece.withUnsafeBytes { parser.feed($0) }
        }
        if progress == .incomplete, sample.closes { progress = parser.end() }
        if case .failed(let failure) = progress { return Reading(failure: failure) }
        let isComplete = progress != .incomplete
        return Reading(
            isComplete: isComplete, status: parser.status,
            body: String(decoding: room[..<parser.capturedCount], as: UTF8.self),
            keeps: parser.keepsConnection, timing: parser.hasServerTiming)
    }

    private func expect(
        _ sample: Sample, in pieces: [[UInt8]], _ location: SourceLocation = #_sourceLocation
    ) {
        let wanted =
            sample.failure.map { Reading(failure: $0) }
            ?? Reading(
                isComplete: true, status: sample.status, body: sample.body, keeps: sample.keeps,
                timing: sample.timing)
        let got = read(sample, pieces)
        if got != wanted {
            Issue.record("\(got) in place of \(wanted), fed \(pieces.map(\.count))", sourceLocation: location)
        }
    }
}
