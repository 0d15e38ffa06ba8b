import ArgumentParser
import Foundation
import Plan
import TestKit

/// The truth server for programs: prints its port, and at the end of its input what it really did, as JSON.
@main struct TruthServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "TruthServer", abstract: "An HTTP server on loopback whose latency is known.")

    @Option(help: "Milliseconds between a request and its answer.")
    var delay = 0.0

    @Option(help: "Milliseconds it stops for at the end of each `every`.")
    var stall = 0.0

    @Option(help: "Milliseconds from one stall's end to the next one's.")
    var every = 10_000.0

    func run() throws {
        var truth = TruthServer.Truth()
        truth.delay = .seconds(delay / 1000)
        truth.stall = .seconds(stall / 1000)
        truth.every = .seconds(every / 1000)
        let server = try TruthServer(truth)
        // At once, as `print` would keep it back from a pipe.
        FileHandle.standardOutput.write(Data("\(server.port)\n".utf8))
        while readLine() != nil {}
        let record = server.record
        let done = Done(
            answered: record.answered,
            stallsMs: record.stalls.map { ($0.upperBound - $0.lowerBound).inMilliseconds },
            backlogsMs: record.backlogs.map { $0.map(\.inMilliseconds) })
        print(String(decoding: try JSONEncoder().encode(done), as: UTF8.self))
    }

    private struct Done: Encodable {
        var answered: Int
        var stallsMs: [Double]
        /// Of each stall, how long after its end each request that had come was answered.
        var backlogsMs: [[Double]]
    }
}
