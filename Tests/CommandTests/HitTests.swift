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
}
