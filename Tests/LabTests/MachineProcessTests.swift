import Foundation
import Spawn
import Testing

@testable import Lab

/// Real, short processes.
@Suite struct MachineProcessTests {
    private let processes = ProcessTable()

    @Test(arguments: [
        ("exit 0", ProcessEnd.exited(0)), ("exit 3", .exited(3)), ("kill -9 $$", .killed(signal: 9)),
    ])
    func `the end of a process is told, each time it is asked for`(script: String, end: ProcessEnd)
        async throws
    {
        let pid = try processes.spawn(Program("sh", ["-c", script]))
        #expect(await processes.exit(of: pid) == end)
        #expect(await processes.exit(of: pid) == end)
        #expect(!processes.isLive(pid))
    }

    @Test func `a command gets its input and both its outputs are kept`() async throws {
        let result = try await processes.run(Program("sh", ["-c", "cat; echo second >&2"]), input: "first\n")
        #expect(result.status == .exited(0))
        #expect(result.output == "first\nsecond\n")
    }

    @Test func `output far larger than a pipe does not block`() async throws {
        let result = try await processes.run(Program("sh", ["-c", "head -c 1000000 /dev/zero | tr '\\0' x"]))
        #expect(result.output.utf8.count == 1_000_000)
    }

    @Test func `a command that fails is quoted`() async {
        let error = await #expect(throws: LabError.self) {
            try await processes.must(Program("sh", ["-c", "echo broken; exit 2"]), step: "try it")
        }
        #expect(error == .bootFailed(step: "try it: sh exited with 2", log: "broken"))
    }

    @Test func `a program that is not there is a missing part`() {
        #expect(throws: LabError.missingPart("no-such-program", lookedIn: Parts.searchPath)) {
            try processes.spawn(Program("no-such-program", []))
        }
    }

    @Test func `a step that fails in the child is told by the parent`() {
        var program = Program("true", [])
        program.directory = "/no/such/folder"
        #expect(throws: LabError.file(operation: "start (change directory)", path: "/usr/bin/true", error: 2))
        {
            try processes.spawn(program)
        }
    }

    @Test func `a table that is shut starts nothing, and says what is left to be ended`() async throws {
        let pid = try processes.spawn(Program("sleep", ["60"]))
        #expect(processes.shut() == [pid])
        #expect(throws: LabError.goingDown) { try processes.spawn(Program("true", [])) }
        processes.signalGroup(pid, SIGKILL)
        #expect(await processes.exit(of: pid) == .killed(signal: SIGKILL))
    }

    @Test func `only what is to be inherited is`() async throws {
        let (read, write) = try pipe()
        defer {
            close(read)
            close(write)
        }
        var program = Program("ls", ["/proc/self/fd"])
        // 0, 1, 2 and the folder
        #expect(try await processes.run(program).output.split(separator: "\n").count == 4)
        program.inherited = [write]
        #expect(
            try await processes.run(program).output.split(separator: "\n").contains(Substring("\(write)")))
    }

    @Test func `descendants are found across sessions`() async throws {
        let pid = try processes.spawn(Program("sh", ["-c", "setsid sleep 60 & wait"]))
        var found: Set<pid_t> = []
        while found.count < 2, processes.isLive(pid) { found = ProcessTree.descendants(of: [pid]) }
        #expect(found.contains(pid) && found.count >= 2)
        for pid in found { kill(pid, SIGKILL) }
        _ = await processes.exit(of: pid)
    }
}
