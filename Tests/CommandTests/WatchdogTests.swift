import Foundation
import Testing

/// The watchdog's side: it acts when the run dies, and not when it has ended.
@Suite struct WatchdogTests {
    /// Runs the watchdog with these words of the run on its pipe, which then ends.
    private func watchdog(saying words: String) throws -> (status: Int32, said: String) {
        let command = try Command()
        defer { try? command.remove() }  // a folder of this test in the machine's own temporary one
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "loadchaos")
        process.arguments = ["__watchdog", "run-1", "--journal", command.folder.path + "/journal.sqlite"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(words.utf8))
        try input.fileHandleForWriting.close()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }

    @Test func `a run that has ended needs nobody`() throws {
        let ending = try watchdog(saying: "released\n")
        #expect(ending.status == 0 && ending.said.isEmpty, "\(ending)")
    }

    @Test(arguments: ["", "rel"])
    func `a run that has died is told of, and what it owes is looked for`(_ words: String) throws {
        let ending = try watchdog(saying: words)
        #expect(ending.status == 0, "\(ending)")
        #expect(
            ending.said.contains("run run-1 has died; its watchdog reverts what it had broken")
                && ending.said.contains("nothing to recover"), "\(ending)")
    }
}
