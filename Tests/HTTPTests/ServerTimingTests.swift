import HTTP
import Testing

/// What is read of `Server-Timing`, in nanoseconds; nil: no duration.
@Suite struct ServerTimingTests {
    private static let cases: [(value: String, a: Int64?, b: Int64?)] = [
        ("a;dur=1, b;dur=2.5", 1_000_000, 2_500_000),
        ("b;dur=0.001,a;dur=12", 12_000_000, 1_000),
        ("A;DUR=1", 1_000_000, nil),
        ("a ; dur = 1 ; desc=x , b", 1_000_000, nil),
        ("a;desc=\"b;dur=7, \\\"b;dur=8\";dur=\"3\"", 3_000_000, nil),
        ("a;dur=1;dur=2", 1_000_000, nil),
        ("a;dur=1, a;dur=2", 3_000_000, nil),
        ("aa;dur=1, ab;dur=2, c;dur=3", nil, nil),
        ("a;duration=1, b;dur", nil, nil),
        ("a;dur=, b;dur=.", nil, nil),
        ("a;dur=-1, b;dur=1e3", nil, nil),
        ("a;dur=1.2.3, b;dur=1ms", nil, nil),
        // Found by fuzzing: each point opened the decimals anew, until they were more than an Int64.
        ("a;dur=1" + String(repeating: ".987654", count: 9), nil, nil),
        ("a;dur=.5, b;dur=5.", 500_000, 5_000_000),
        ("a;dur=0.0000019", 1, nil),
        ("a;dur=99999999999999999999, b;dur=1", 10_000_000_000_000_000, 1_000_000),
        ("", nil, nil), (",,;;=\"", nil, nil), ("a;dur=\"1", nil, nil),
        ("a-name-that-is-far-longer-than-any-that-is-looked-for;dur=1, a;dur=1", 1_000_000, nil),
    ]

    private func read(_ room: ServerTimingRoom, _ bytes: [UInt8], cuts: [Int] = []) -> [Int64?] {
        var parser = ResponseParser()
        parser.timing = room.reader(1)
        parser.reset(isHead: false)
        var from = 0
        for cut in cuts + [bytes.count] {
            _ = Array(bytes[from..<cut]).withUnsafeBytes { parser.feed($0) }
            from = cut
        }
        return (0..<room.count).map {
            parser.timing?.pointee[$0] == ServerTimingReader.absent ? nil : parser.timing?.pointee[$0]
        }
    }

    private func answer(_ headers: String) -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\n\(headers)Content-Length: 0\r\n\r\n".utf8)
    }

    @Test(arguments: cases)
    func `durations are read, and what is not well formed has none`(
        row: (value: String, a: Int64?, b: Int64?)
    ) {
        let room = ServerTimingRoom(["a", "b"], answers: 2)
        let bytes = answer("Server-Timing: \(row.value)\r\n")
        #expect(read(room, bytes) == [row.a, row.b])
        for cut in 1..<bytes.count {
            #expect(read(room, bytes, cuts: [cut]) == [row.a, row.b], "cut at \(cut)")
        }
        #expect(read(room, bytes, cuts: Array(1..<bytes.count)) == [row.a, row.b])
    }

    @Test func `two headers, one folded, are one`() {
        let room = ServerTimingRoom(["a", "b"], answers: 2)
        let bytes = answer("server-timing: a;dur=1\r\nX: 1\r\nServer-Timing: b\r\n ;dur=2, a;dur=1\r\n")
        #expect(read(room, bytes) == [2_000_000, 2_000_000])
    }

    @Test func `an answer knows nothing of the one before, of an interim one, or of another's`() {
        let room = ServerTimingRoom(["a"], answers: 2)
        #expect(read(room, answer("Server-Timing: a;dur=1\r\n")) == [1_000_000])
        var other = ResponseParser()
        other.timing = room.reader(0)
        #expect(other.timing?.pointee[0] == ServerTimingReader.absent)
        let interim = "HTTP/1.1 103 Early\r\nServer-Timing: a;dur=9\r\n\r\n"
        #expect(read(room, Array(interim.utf8) + answer("X: 1\r\n")) == [nil])
    }

    @Test func `a parser that wants nothing reads the same answers`() {
        var parser = ResponseParser()
        let bytes = answer("Server-Timing: a;dur=1\r\n")
        #expect(bytes.withUnsafeBytes { parser.feed($0) } == .complete(consumed: bytes.count))
        #expect(parser.hasServerTiming && parser.timing == nil)
    }

    @Test func `no header crashes it, and no cut changes what is read`() {
        var state: UInt64 = 20_261_126
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let alphabet = Array("ab;;,,==\"\\dur.0123456789  \t\r\n:".utf8) + [0, 0x80, 0xFF]
        let room = ServerTimingRoom(["a", "b", "dur"], answers: 2)
        for _ in 0..<20_000 {
            var value = Array(Self.cases[random(Self.cases.count)].value.utf8)
            for _ in 0...random(6) {
                value.insert(alphabet[random(alphabet.count)], at: random(value.count + 1))
            }
            let bytes = Array("HTTP/1.1 200 OK\r\nServer-Timing: ".utf8) + value + Array("\r\n\r\n".utf8)
            let whole = read(room, bytes)
            #expect(whole == read(room, bytes, cuts: [1 + random(bytes.count - 1)]), "\(value)")
            #expect(whole.allSatisfy { $0 ?? 0 >= 0 })
        }
    }
}
