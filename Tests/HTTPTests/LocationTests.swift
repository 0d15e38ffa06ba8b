import Testing

@testable import HTTP

/// Where redirects lead to (RFC 3986).
@Suite struct LocationTests {
    private static func resolve(
        _ location: String, against base: String = "/b/c/d;p?q", host: String = "shop.test",
        isEncrypted: Bool = false, port: Int = 8080, room: Int = 100
    ) -> String {
        var bytes = [UInt8](repeating: 0, count: room)
        let place = bytes.withUnsafeMutableBufferPointer { room in
            Array(location.utf8).withUnsafeBytes { location in
                Array(base.utf8).withUnsafeBytes { base in
                    Array(host.utf8).withUnsafeBytes { host in
                        Location.resolve(
                            location, against: base,
                            at: Location.Origin(host: host, isEncrypted: isEncrypted, port: port), into: room)
                    }
                }
            }
        }
        switch place {
        case .here(let count): return String(decoding: bytes[..<count], as: UTF8.self)
        case .elsewhere(let name):
            return "→ " + String(decoding: Array(location.utf8)[name], as: UTF8.self)
        case .unusable: return "unusable"
        }
    }

    /// The examples of §5.4, as far as they stay at the host.
    @Test(arguments: [
        ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d;p?y"),
        ("g?y", "/b/c/g?y"), ("#s", "/b/c/d;p?q"), ("g#s", "/b/c/g"), ("g?y#s", "/b/c/g?y"),
        (";x", "/b/c/;x"),
        ("g;x", "/b/c/g;x"), ("g;x?y#s", "/b/c/g;x?y"), (".", "/b/c/"), ("./", "/b/c/"), ("..", "/b/"),
        ("../", "/b/"), ("../g", "/b/g"), ("../..", "/"), ("../../", "/"), ("../../g", "/g"),
        ("../../../g", "/g"), ("../../../../g", "/g"), ("/./g", "/g"), ("/../g", "/g"), ("g.", "/b/c/g."),
        (".g", "/b/c/.g"), ("g..", "/b/c/g.."), ("..g", "/b/c/..g"), ("./../g", "/b/g"), ("./g/.", "/b/c/g/"),
        ("g/./h", "/b/c/g/h"), ("g/../h", "/b/c/h"), ("g;x=1/./y", "/b/c/g;x=1/y"),
        ("g;x=1/../y", "/b/c/y"), ("g?y/./x", "/b/c/g?y/./x"), ("g?y/../x", "/b/c/g?y/../x"),
        ("g#s/./x", "/b/c/g"),
    ])
    func `a relative reference is resolved as the standard says`(_ location: String, _ path: String) {
        #expect(Self.resolve(location) == path)
    }

    @Test(arguments: [
        ("http://shop.test:8080/a?b", "/a?b"), ("HTTP://Shop.TEST:8080", "/"), ("//shop.test:8080/a", "/a"),
        ("http://shop.test:8080?b", "/?b"), ("http://me:secret@shop.test:8080/a", "/a"),
        ("http://shop.test/a", "→ http://shop.test"), ("http://shop.test:80/a", "→ http://shop.test:80"),
        ("https://shop.test:8080/a", "→ https://shop.test:8080"),
        ("//other.test/a?token=1", "→ //other.test"),
        ("http://me:secret@other.test:1/a", "→ other.test:1"),
        ("http://shop.test.:8080/", "→ http://shop.test.:8080"),
        ("mailto:a@shop.test", "→ mailto:"), ("shop:open", "→ shop:"),
        ("http:/a", "unusable"), ("http://", "unusable"), ("http://shop.test:x/", "unusable"),
        ("http://[::1", "unusable"), ("", "unusable"), ("/a\tb", "unusable"), ("/a\u{7F}", "unusable"),
    ])
    func `an absolute one is followed to the same origin alone`(_ location: String, _ path: String) {
        #expect(Self.resolve(location) == path)
    }

    @Test func `a scheme's own port need not be said, and an address may be one of IPv6`() {
        #expect(Self.resolve("http://shop.test/a", port: 80) == "/a")
        #expect(Self.resolve("https://shop.test:443/a", isEncrypted: true, port: 443) == "/a")
        #expect(Self.resolve("https://shop.test:/a", isEncrypted: true, port: 443) == "/a")
        #expect(Self.resolve("http://[::1]:8080/a", host: "::1") == "/a")
        #expect(Self.resolve("http://[::2]:8080/a", host: "::1") == "→ http://[::2]:8080")
    }

    @Test func `what a URL cannot hold is percent-encoded, and what is encoded stays`() {
        #expect(
            Self.resolve("/ü b\"<>\\^`{|}?ä=%20{") == "/%C3%BC%20b%22%3C%3E%5C%5E%60%7B%7C%7D?%C3%A4=%20%7B")
    }

    @Test func `one that is too long for the room is not followed, and one that just fits is`() {
        #expect(Self.resolve("/" + String(repeating: "a", count: 99)).count == 100)
        #expect(Self.resolve("/" + String(repeating: "a", count: 100)) == "unusable")
        #expect(Self.resolve("/" + String(repeating: "ü", count: 17)) == "unusable")
    }

    @Test func `a base without a folder is the root's`() {
        #expect(Self.resolve("g", against: "/") == "/g")
        #expect(Self.resolve("?y", against: "/") == "/?y")
        #expect(Self.resolve("..", against: "/?a=/b/c") == "/")
    }
}
