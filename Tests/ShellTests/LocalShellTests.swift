import Foundation
import History
import Plan
import Shell
import Testing

/// Real processes on the real clock: what is tested is that they end, and that nothing of them is left. A time-out of
/// three seconds lets a command begin, also where every core is busy.
struct LocalShellTests {
    private func run(_ command: String, _ variables: [String: String] = [:], timeout: Double = 30) async
        -> CommandEnding
    {
        await LocalShell().run(command, variables, timeout: .seconds(timeout))
    }

    private func isAlive(_ pid: Int32) -> Bool { kill(pid, 0) == 0 || errno == EPERM }

    @Test(arguments: [
        ("exit 0", 0), ("exit 3", 3), ("no-such-program-at-all", 127), ("/dev/null", 126),
        ("kill -9 $$", 137),
        ("kill -INT $$", 130),  // We may ignore SIGINT; the command must not inherit that.
    ])
    func `the exit code is the shell's`(command: String, code: Int) async {
        #expect(await run(command).end == .exited(code))
    }

    @Test func `both outputs are kept, its input is empty, and variables come on top of ours`() async {
        let ending = await run(
            "cat; echo out; echo err >&2; echo $PROBE; test -n \"$PATH\"", ["PROBE": "a b"])
        #expect(ending.end == .exited(0))
        #expect(ending.output.lastLines == "out\nerr\na b")
    }

    @Test func `none of our files is open in it`() async throws {
        // A listening socket of ours, without close-on-exec: held open by a child, its port would stay taken.
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(file > 2)
        defer { close(file) }
        let listed = await run("ls /proc/$$/fd").output.lastLines.split(separator: "\n")
        #expect(listed.allSatisfy { ["0", "1", "2"].contains($0) }, "\(listed)")
    }

    @Test func `a command that takes too long is ended, with its children, even if they ignore SIGTERM`()
        async throws
    {
        let ending = await run(
            "trap '' TERM; sh -c \"trap '' TERM; sleep 60\" & echo $! $$; wait; sleep 60", timeout: 3)
        #expect(ending.end == .timedOut)
        let pids = ending.output.lastLines.split(separator: " ").compactMap { Int32($0) }
        try #require(pids.count == 2)
        // The grandchild is reaped by init, in its own time.
        for _ in 0..<500 where pids.contains(where: isAlive) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!pids.contains(where: isAlive))
    }

    @Test func `a grandchild that keeps the output open holds nothing up`() async throws {
        let ending = await run("sleep 60 & echo $!")
        #expect(ending.end == .exited(0))
        let pid = try #require(Int32(ending.output.lastLines))
        for _ in 0..<500 where isAlive(pid) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!isAlive(pid))
    }

    @Test func `a command that prints without end is ended all the same`() async {
        let ending = await run("yes 12", timeout: 3)
        #expect(ending.end == .timedOut)
        #expect(ending.output.number?.value == 12)
    }

    @Test func `a cancelled command is ended`() async throws {
        let mark = NSTemporaryDirectory() + "loadchaos-shell-\(UUID().uuidString)"
        defer { unlink(mark) }
        let running = Task { await run("echo $$; touch \(mark); sleep 60") }
        for _ in 0..<1500 where access(mark, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        running.cancel()
        let ending = await running.value
        #expect(ending.end == .cancelled)
        let pid = try #require(Int32(ending.output.lastLines))
        #expect(!isAlive(pid))
    }
}
