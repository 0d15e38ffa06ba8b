import Foundation
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
    ])
    func `connections that make no sense are refused before anything is sent`(
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

    @Test func `the lab is reached in one way alone`() throws {
        let command = try Command()
        defer { #expect(throws: Never.self) { try command.remove() } }
        let ending = try command.run(["run", "a.scn", "--proxy", "http://127.0.0.1:1"])
        #expect(
            ending.status == 64 && ending.errors.contains("--proxy is for --on aws or a URL"),
            "\(ending.errors)")
    }
}
