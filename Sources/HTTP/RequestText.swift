/// A request as HTTP/1.1 words it, taken apart for one who words it himself.
struct RequestText {
    var method: String
    /// Path and query.
    var path: String
    /// As libcurl takes them: `Name: value`, `Name;` for an empty value, and `Name:` for one that it must not add.
    var headers: [String] = []
    var body: UnsafeRawBufferPointer
    /// False: it says nothing of one. It may have one that is empty.
    var hasBody = false

    /// What only HTTP/1.1 has (RFC 9113, 8.2.2), and the length, which libcurl writes.
    private static let dropped: Set = [
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "content-length",
    ]
    /// Headers that libcurl adds if they are not there.
    private static let added = ["Accept", "Content-Type", "Expect"]

    /// nil: the text has no request line or no end of its head.
    init?(_ text: UnsafeRawBufferPointer) {
        var rest = text
        func line() -> String? {
            guard let end = rest.firstIndex(of: 0x0A) else { return nil }
            let bytes = rest[..<end]
            rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
            return String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
        }
        guard let words = line()?.split(separator: " "), words.count == 3 else { return nil }
        (method, path) = (String(words[0]), String(words[1]))
        var names: Set<String> = []
        while true {
            guard let header = line() else { return nil }
            if header.isEmpty { break }
            guard let colon = header.firstIndex(of: ":") else { return nil }
            let name = header[..<colon].lowercased()
            if name == "content-length" { hasBody = true }
            guard !Self.dropped.contains(name) else { continue }
            names.insert(name)
            let isEmpty = header[header.index(after: colon)...].allSatisfy { $0 == " " }
            headers.append(isEmpty ? header[..<colon] + ";" : header)
        }
        for name in Self.added where !names.contains(name.lowercased()) { headers.append("\(name):") }
        body = rest
        if !body.isEmpty { hasBody = true }
    }
}
