import Foundation
import TestKit
import Testing

/// `hit`, as a user runs it.
struct HitTests {
    /// Answers each request after 0.3 s; four local ports are all there is, in a network namespace of its own.
    private static let server = """
        import http.server, os, socketserver, subprocess, sys, time
        class Slow(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                time.sleep(0.3)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
            def log_message(self, *words): pass
        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        with open("/proc/sys/net/ipv4/ip_local_port_range", "w") as file: file.write("40000 40003")
        server = Server(("127.0.0.1", 8080), Slow)
        import threading
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.exit(subprocess.run(sys.argv[1:]).returncode)
        """

    private struct Answer: Decodable {
        var planned: Int
        var sent: Int
        var dropped: Int
        var ok: Int
        var failed: Int
        var unfinished: Int
    }

    @Test func `requests that this machine has no port for are dropped by us, and did not fail`() throws {
        let command = try Command()
        defer { #expect(throws: Never.self) { try command.remove() } }
        try command.write(Self.server, to: "server.py")
        let ending = try command.run(
            program: "/usr/bin/unshare",
            [
                "--map-root-user", "--net", "/usr/bin/python3", "server.py", Command.executable, "hit",
                "http://127.0.0.1:8080/", "--rate", "100/s", "--for", "1s", "--workers", "1", "--json",
            ])
        #expect(ending.status == 0, "\(ending.errors)")
        let decoder = JSONDecoder()
        let answer = try decoder.decode(Answer.self, from: Data(ending.output.utf8))
        #expect(answer.planned == 100 && answer.planned == answer.sent + answer.dropped)
        #expect(answer.dropped > 50 && answer.ok > 3 && answer.failed == 0 && answer.unfinished == 0)
        #expect(ending.errors.contains("had no free port or descriptor"), "\(ending.errors)")
        #expect(ending.errors.contains("dropped for reasons of our own"), "\(ending.errors)")
    }

    @Test(arguments: [
        (["--http2"], "--http2 goes by TLS"),
        (["--cacert", "/no/such.pem"], "--cacert /no/such.pem cannot be read"),
        (["--key", "/dev/null"], "--key /dev/null is of no use without --cert"),
        (["--unix-socket", "/s", "--proxy", "http://p:1"], "--unix-socket needs no network"),
        (["--unix-socket", "/s", "--address", "127.0.0.1"], "--unix-socket has no --address"),
        (["--proxy", "p:1"], "--proxy p:1 begins with none of http://, https://, socks4://"),
        (["--proxy", "http://me:secret@p:1"], "would stay in recordings"),
        (["--source", "localhost"], "--source localhost is no IP address"),
        (["--basic", "ann"], "--basic is a user and a password on one line, with a colon between them"),
        (["--basic", "a:b", "-H", "authorization: x"], "--basic writes the header Authorization itself"),
        (["--data-file", "/no/such.png"], "there is no such file"),
        (["--data-file", "/dev"], "this is a directory, not a file"),
        (["--follow", "--expect", "200", "--expect", "302"], "--expect 302 never comes with --follow"),
        (["--data-file", "/dev/null", "-d", "x"], "--data and --data-file are two bodies"),
    ])
    func `what makes no sense is refused before anything is sent`(
        options: [String], words: String
    )
        throws
    {
        let command = try Command()
        defer { #expect(throws: Never.self) { try command.remove() } }
        let ending = try command.run(
            ["hit", "http://127.0.0.1:1/", "--rate", "1/s", "--for", "1s"] + options)
        #expect(ending.status == 64 && ending.errors.contains(words), "\(ending.errors)")
    }

    @Test func `a password that is refused is not repeated`() throws {
        let command = try Command()
        defer { #expect(throws: Never.self) { try command.remove() } }
        let ending = try command.run([
            "hit", "http://127.0.0.1:1/", "--rate", "1/s", "--for", "1s", "--basic", "planted-secret",
        ])
        #expect(ending.status == 64 && !(ending.output + ending.errors).contains("planted-secret"))
    }

    @Test func `a file is sent by a user, and the redirect behind it is followed`() throws {
        let target = try ScriptedTarget { _, request in
            request.hasPrefix("GET /done ")
                ? .ok
                : .bytes(Array("HTTP/1.1 303 X\r\nLocation: /done\r\nContent-Length: 0\r\n\r\n".utf8))
        }
        defer { target.stop() }
        let command = try Command()
        defer { #expect(throws: Never.self) { try command.remove() } }
        try command.write("{\"a\": 1}", to: "a.json")
        let ending = try command.run([
            "hit", "http://127.0.0.1:\(target.port)/up", "--rate", "20/s", "--for", "200ms", "--json",
            "--data-file", "a.json", "--basic", "ann:secret", "--follow", "--expect", "200",
        ])
        #expect(ending.status == 0, "\(ending.errors)")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(ending.output.utf8))
        #expect(answer.planned == 4 && answer.ok == 4 && answer.failed == 0)
        let first = try #require(target.requests.first { $0.hasPrefix("POST /up ") })
        #expect(
            first.contains("\r\nContent-Type: application/json\r\n") && first.hasSuffix("\r\n\r\n{\"a\": 1}"))
        #expect(target.requests.count == 8)
        #expect(target.requests.allSatisfy { $0.contains("\r\nAuthorization: Basic YW5uOnNlY3JldA==\r\n") })
    }

    @Test func `the lab is reached in one way alone`() throws {
        let command = try Command()
        defer { #expect(throws: Never.self) { try command.remove() } }
        let ending = try command.run(["run", "a.scn", "--proxy", "http://127.0.0.1:1"])
        #expect(
            ending.status == 64 && ending.errors.contains("--proxy is for --on aws or a URL"),
            "\(ending.errors)")
    }
}
