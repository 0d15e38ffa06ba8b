import Foundation
import Spawn
import Testing

/// Real programs: what is tested is what they get from us, and what of them comes back.
struct ProgramTests {
    /// What it printed, and all of its end.
    private func run(_ program: Program) async throws -> (end: Child.End, text: String) {
        let (end, bytes) = try await Child.run(
            program, within: .seconds(30), into: [UInt8](), adding: { $0 += $1 })
        return (end, String(decoding: bytes, as: UTF8.self))
    }

    @Test func `its errors come with its output, or go where they are sent`() async throws {
        var both = Program.shell("echo out; echo err >&2")
        #expect(try await run(both).text == "out\nerr\n")
        let elsewhere = try pipeEnds()
        defer { close(elsewhere.reading) }
        both.errors = elsewhere.writing
        #expect(try await run(both).text == "out\n")
        close(elsewhere.writing)
        var bytes = [UInt8](repeating: 0, count: 64)
        #expect(
            String(decoding: bytes[..<max(0, read(elsewhere.reading, &bytes, 64))], as: UTF8.self) == "err\n")
    }

    @Test func `it has the environment it is given and no other`() async throws {
        let bare = Program("/usr/bin/env", [], environment: ["ONLY": "a b"])
        #expect(try await run(bare).text == "ONLY=a b\n")
        let shell = try await run(.shell("echo $HOME $ONLY", ["ONLY": "here", "HOME": "there"])).text
        #expect(shell == "there here\n")
    }

    /// Threads of a test have all signals blocked, and ours may ignore some; SIGTERM must reach a child all the same.
    @Test func `no signal is blocked or ignored in it`() async throws {
        let (_, status) = try await run(Program("/bin/grep", ["-E", "^Sig(Blk|Ign)", "/proc/self/status"]))
        #expect(status == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n")
    }

    @Test func `it runs where it is told to`() async throws {
        var program = Program("/bin/pwd", [])
        program.directory = "/usr"
        #expect(try await run(program).text == "/usr\n")
    }

    @Test(arguments: [
        (
            "/no/such/program", nil,
            "it could not be started (/no/such/program, exec): No such file or directory"
        ),
        (
            "/bin/true", "/no",
            "it could not be started (/bin/true, change directory): No such file or directory"
        ),
    ])
    func `what does not start says which step failed`(_ path: String, _ directory: String?, _ words: String) {
        var program = Program(path, [])
        program.directory = directory
        let problem = #expect(throws: NoStart.self) { _ = try Child(program) }
        #expect(problem?.description == words)
    }

    /// Foundation's own way of starting programs may end us then.
    @Test func `it starts with thousands of files open`() async throws {
        let files = (0..<2000).map { _ in open("/dev/null", O_RDONLY) }
        defer { for file in files where file >= 0 { close(file) } }
        #expect(try await run(.shell("ls /proc/$$/fd | wc -l")).text == "3\n")
    }
}
