import Foundation
import Spawn
import TestKit
import Testing

/// The watchdog's side: it acts when the run dies, and not when it has ended.
@Suite struct WatchdogTests {
    /// Runs the watchdog with these words of the run on its pipe, which then ends.
    private func watchdog(saying words: String) throws -> (end: Child.End, said: String) {
        let command = try Command()
        defer { try? command.remove() }  // a folder of this test in the machine's own temporary one
        var watchdog = Program.built(
            "loadchaos", ["__watchdog", "run-1", "--journal", command.folder.path + "/journal.sqlite"])
        let run = try pipeEnds()
        watchdog.input = run.reading
        let process = try Child(watchdog)
        close(run.reading)
        #expect(write(run.writing, words, words.utf8.count) == words.utf8.count)
        close(run.writing)
        var said: [UInt8] = []
        let end = process.finish(within: .seconds(60)) { said += $0 }
        return (end, String(decoding: said, as: UTF8.self))
    }

    @Test func `a run that has ended needs nobody`() throws {
        let ending = try watchdog(saying: "released\n")
        #expect(ending.end == .exited(0) && ending.said.isEmpty, "\(ending)")
    }

    @Test(arguments: ["", "rel"])
    func `a run that has died is told of, and what it owes is looked for`(_ words: String) throws {
        let ending = try watchdog(saying: words)
        #expect(ending.end == .exited(0), "\(ending)")
        #expect(
            ending.said.contains("run run-1 has died; its watchdog reverts what it had broken")
                && ending.said.contains("nothing to recover"), "\(ending)")
    }
}
