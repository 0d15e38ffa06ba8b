import Foundation
import Testing

/// `compare` over recordings of a real server on loopback: a few short runs in real time.
/// Ten seconds are the least that have an interval.
struct CompareCommandTests {
    private static func scenario(rate: Int) -> String {
        """
        scenario "Calm"

        load
            hold \(rate)/s for 10s

        requests
            100%  GET  /

        expect
            error rate  < 50%
        """
    }

    /// Python's own web server in the folder, and its URL.
    private func serve(_ folder: URL) throws -> (process: Process, url: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(line.firstMatch(of: /port (\d+)/), "\(line)").output.1
        return (process, "http://127.0.0.1:\(port)")
    }

    @Test func `runs are compared, few are unknown, and unlike ones are refused`() throws {
        let command = try Command()
        let (server, url) = try serve(command.folder)
        defer {
            // Not SIGTERM: a child of a test's thread inherits that as blocked.
            kill(server.processIdentifier, SIGKILL)
            server.waitUntilExit()
        }
        try command.write(Self.scenario(rate: 20), to: "calm.scn")
        try command.write(Self.scenario(rate: 10), to: "other.scn")
        for file in ["calm.scn", "calm.scn", "calm.scn", "other.scn"] {
            let ending = try command.run("run", file, "--on", url)
            #expect(ending.status == 0, "\(ending)")
        }
        let listing = try command.run("runs").output
        let ids = listing.split(separator: "\n").dropFirst().map { String($0.prefix { $0 != " " }) }
        try #require(ids.count == 4)

        let two = try command.run("compare", ids[0], ids[1])
        #expect(two.status == 2)
        #expect(two.output.contains("2 runs cannot show how much like runs differ"))

        // One degree of freedom: hardly anything could be seen, and the interval says so.
        let three = try command.run("compare", "\(ids[0]),\(ids[1])", ids[2], "--json")
        #expect(three.status == 0, "\(three)")
        #expect(three.output.contains(#""answer" : "no-difference""#))
        #expect(three.output.contains(#""candidate" : ["# + "\n    \"\(ids[2])\""))

        let unlike = try command.run("compare", ids[0], ids[3])
        #expect(unlike.status == 64)
        #expect(unlike.errors.contains("load: other phases, rates or requests"))
        let twice = try command.run("compare", ids[3], "last")
        #expect(twice.status == 64)
        #expect(twice.errors.contains("\(ids[3]) is named twice"))
        let missing = try command.run("compare", "2019*", "last")
        #expect(missing.status == 64 && missing.errors.contains("no run begins with 2019"))
        try command.remove()
    }
}
