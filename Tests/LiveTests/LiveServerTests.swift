import Foundation
import History
import Loopback
import Plan
import TestKit
import Testing

@testable import Live

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite struct LiveServerTests {
    private static func view(_ recording: Recording) -> LiveView {
        let soFar = RunSoFar(recording)
        return LiveView(of: { soFar }, now: { .seconds(20.5) })
    }

    private func ask(_ method: String = "GET", _ path: String, host: String?) -> LoopbackAnswer {
        Self.view(Self.recording).answer(
            LoopbackRequest(
                method: method, path: path, headers: host.map { ["host": $0] } ?? [:], body: Data()))
    }

    private static let recording = RecordingBuilder(seconds: 30).changed {
        $0.run.ending = .open
        $0.run.plan.name = "A <b>test</b>"
    }.recording

    @Test func `the page asks nobody but its own server, and shows what the report shows`() {
        let page = ask("GET", "/", host: "127.0.0.1:8090")
        #expect(
            page.status == 200 && page.headers.contains { $0 == ("Content-Type", "text/html; charset=utf-8") }
        )
        #expect(page.body.contains("connect-src 'self'") && page.body.contains("fetch('/figures')"))
        for word in ["src=", "href=", "url(", "@import", "https://", "http://", "<b>"] {
            #expect(!page.body.contains(word), "\(word)")
        }
        #expect(page.body.contains("id=\"chart-latency\"") && page.body.contains("id=\"readings\""))
        let figures = ask("GET", "/figures", host: "localhost")
        #expect(figures.body.contains("data-ending=\"open\"") && !figures.body.contains("<html"))
    }

    @Test(arguments: [
        ("GET", "/", "evil.example", 403), ("GET", "/metrics", "127.0.0.1.evil.example", 403),
        ("GET", "/metrics", nil, 403), ("POST", "/", "localhost:1", 405),
        ("GET", "/../etc/passwd", "[::1]:80", 404),
        ("GET", "/metrics", "LOCALHOST", 200), ("HEAD", "/", "127.0.0.1", 200),
    ])
    func `only loopback's names, three pages and two methods are answered`(
        method: String, path: String, host: String?, status: Int
    ) {
        let answer = ask(method, path, host: host)
        #expect(answer.status == status)
        #expect(answer.body.isEmpty == (method == "HEAD"))
    }

    @Test func `two hours of three routes stay under two megabytes`() {
        var recording = Self.recording
        let row = recording.seconds[0]
        recording.seconds = (0..<7200).flatMap { second in
            (0..<3).map { route in
                var copy = row
                (copy.second, copy.route) = (second, route)
                return copy
            }
        }
        let figures = Self.view(recording).answer(
            LoopbackRequest(method: "GET", path: "/figures", headers: ["host": "localhost"], body: Data()))
        let size = figures.body.utf8.count
        #expect(size < 2_000_000, "\(size)")
    }

    /// Real time: the socket is real.
    @Test func `it is served on loopback, and a port that is taken is said`() async throws {
        let server = try await LiveServer.start(Self.view(Self.recording), port: 0)
        let url = try #require(URL(string: "\(server.url)metrics"))
        let (body, answer) = try await URLSession.shared.data(from: url)
        #expect((answer as? HTTPURLResponse)?.statusCode == 200)
        #expect(String(decoding: body, as: UTF8.self).contains("# TYPE loadchaos_run_info gauge"))
        let error = await #expect(throws: LiveServer.PortTaken.self) {
            _ = try await LiveServer.start(Self.view(Self.recording), port: server.port)
        }
        #expect(
            "\(error!)" == "port \(server.port) of 127.0.0.1 is in use, so the live page cannot be served; "
                + "choose another with --live-port")
        server.stop()
        _ = await server.serving.result
        await #expect(throws: (any Error).self) { _ = try await URLSession.shared.data(from: url) }
    }
}
