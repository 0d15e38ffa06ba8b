import Testing

@testable import HTTP

/// What a user sends back of what it was given (RFC 6265).
@Suite struct CookieJarTests {
    /// A jar, the answers that it has seen, and the requests that it is asked for.
    final class Browser {
        private let room = UnsafeMutableRawPointer.allocate(byteCount: CookieJar.roomSize, alignment: 8)
        var jar: CookieJar
        let host: String
        let isEncrypted: Bool

        init(host: String = "shop.example.com", isEncrypted: Bool = true) {
            (self.host, self.isEncrypted) = (host, isEncrypted)
            jar = CookieJar(room: room)
        }

        deinit { room.deallocate() }

        func receive(_ headers: String..., from path: String = "/", at now: Int64 = 0) {
            let head = "HTTP/1.1 200 OK\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n"
            Array(head.utf8).withUnsafeBytes { head in
                Array(host.utf8).withUnsafeBytes { host in
                    Array(path.utf8).withUnsafeBytes { path in
                        jar.take(
                            ResponseHead(head),
                            CookieJar.Origin(host: host, isEncrypted: isEncrypted, path: path, now: now))
                    }
                }
            }
        }

        func cookies(for path: String = "/") -> String {
            var pairs: [String] = []
            Array(path.utf8).withUnsafeBytes { path in
                jar.forEach(for: path) { pairs.append(String(decoding: $0, as: UTF8.self)) }
            }
            return pairs.joined(separator: "; ")
        }
    }

    @Test func `cookies come back in the order in which they came, each with its last value`() {
        let browser = Browser()
        browser.receive(
            "Set-Cookie: a=1", "set-cookie:b=2; HttpOnly", "Content-Type: text/html", "SET-COOKIE: c=")
        #expect(browser.cookies() == "a=1; b=2; c=")
        browser.receive("Set-Cookie: a=3; SameSite=Lax")
        #expect(browser.cookies() == "a=3; b=2; c=")
        browser.jar.clear()
        #expect(browser.cookies().isEmpty)
    }

    @Test func `a path is where a cookie is sent to, longer ones first`() {
        let browser = Browser()
        browser.receive(
            "Set-Cookie: a=1; Path=/", "Set-Cookie: a=2; path=/shop", "Set-Cookie: b=3; Path=/shop/")
        #expect(browser.cookies(for: "/") == "a=1")
        #expect(browser.cookies(for: "/shop") == "a=2; a=1")
        #expect(browser.cookies(for: "/shop?x=1") == "a=2; a=1")
        #expect(browser.cookies(for: "/shop/cart") == "b=3; a=2; a=1")
        #expect(browser.cookies(for: "/shopping") == "a=1")
    }

    @Test func `without a path it is that of the request, up to its last slash`() {
        let browser = Browser()
        browser.receive("Set-Cookie: a=1", from: "/shop/login?next=/x/y")
        browser.receive("Set-Cookie: b=2; Path=odd", from: "/login")
        #expect(browser.cookies(for: "/shop/cart") == "a=1; b=2")
        #expect(browser.cookies(for: "/cart") == "b=2")
    }

    @Test(arguments: [
        "a=; Max-Age=0", "a=; max-age=-1", "a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "a=x; Max-Age=0; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
        "a=x; expires=Thursday, 01-Jan-70 00:00:00 GMT",
    ])
    func `one that is over takes the cookie away`(_ header: String) {
        let browser = Browser()
        browser.receive("Set-Cookie: a=1", "Set-Cookie: b=2")
        browser.receive("Set-Cookie: \(header)")
        #expect(browser.cookies() == "b=2")
    }

    @Test func `a cookie lasts as long as it says, by the server's own clock`() {
        let browser = Browser()
        browser.receive(
            "Date: Sun, 06 Nov 1994 08:49:37 GMT", "Set-Cookie: a=1; Max-Age=10",
            "Set-Cookie: b=2; Expires=Sun, 06 Nov 1994 08:49:42 GMT", "Set-Cookie: c=3", at: 1_000_000_000)
        browser.jar.expire(at: 5_999_999_999)
        #expect(browser.cookies() == "a=1; b=2; c=3")
        browser.jar.expire(at: 6_000_000_000)
        #expect(browser.cookies() == "a=1; c=3")
        browser.jar.expire(at: 11_000_000_000)
        #expect(browser.cookies() == "c=3")
    }

    @Test(arguments: [
        ("shop.example.com", true), (".example.com", true), ("Example.COM", true), ("other.com", false),
        ("op.example.com", false), ("x.shop.example.com", false), ("", true),
    ])
    func `a domain must be the host's own`(_ domain: String, _ isTaken: Bool) {
        let browser = Browser()
        browser.receive("Set-Cookie: a=1; Domain=\(domain)")
        #expect(browser.cookies() == (isTaken ? "a=1" : ""))
    }

    @Test func `an address is in no domain, and a secure cookie needs TLS`() {
        let browser = Browser(host: "10.0.0.1", isEncrypted: false)
        browser.receive(
            "Set-Cookie: a=1; Domain=0.0.1", "Set-Cookie: b=2; Domain=10.0.0.1", "Set-Cookie: c=3; Secure")
        #expect(browser.cookies() == "b=2")
        let encrypted = Browser()
        encrypted.receive("Set-Cookie: c=3; Secure")
        #expect(encrypted.cookies() == "c=3")
    }

    @Test func `there is a bound to one, to their number and to all together`() {
        let browser = Browser()
        browser.receive("Set-Cookie: large=\(String(repeating: "x", count: 4091))")
        #expect(browser.cookies().isEmpty)
        for number in 0..<40 { browser.receive("Set-Cookie: c\(number)=\(number)") }
        #expect(browser.jar.count == CookieJar.countLimit)
        #expect(browser.cookies().hasPrefix("c8=8; c9=9") && browser.cookies().hasSuffix("c39=39"))
        for name in ["x", "y", "z"] {
            browser.receive("Set-Cookie: \(name)=\(String(repeating: "v", count: 4000))")
        }
        #expect(browser.cookies().count { $0 == "=" } == 2 && !browser.cookies().contains("x="))
    }

    @Test(arguments: ["", "=1", "a", "; Path=/", "  ;a=1"])
    func `what is no cookie is none`(_ value: String) {
        let browser = Browser()
        browser.receive("Set-Cookie: \(value)")
        #expect(browser.jar.count == 0)
    }

    @Test(
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799), ("tomorrow", nil), ("Sun, 06 Nov 1994", nil),
            ("Sun, 06 Nov 1994 24:00:00 GMT", nil),
        ] as [(String, Int64?)])
    func `a date is read in each of its three ways`(_ text: String, _ seconds: Int64?) {
        Array(text.utf8).withUnsafeBytes { #expect(HTTPDate.seconds($0) == seconds) }
    }
}
