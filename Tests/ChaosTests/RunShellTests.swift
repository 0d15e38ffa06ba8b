import AWS
import Chaos
import Foundation
import Glibc
import History
import Plan
import Spawn
import TestKit
import Testing

/// Real commands: what is tested is that they are ended and undone, whoever does it.
@Suite struct RunShellTests {
    /// A folder that goes with the test.
    private final class Folder: Sendable {
        let path = NSTemporaryDirectory() + "loadchaos-shell-\(UUID().uuidString)"
        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }
        func make(_ file: String) {
            #expect(FileManager.default.createFile(atPath: "\(path)/\(file)", contents: nil))
        }
        func has(_ file: String) -> Bool { access("\(path)/\(file)", F_OK) == 0 }
        /// What clients notice once the file is there. The clock of the tests waits for no command, so this does.
        func harm(_ file: String) -> @Sendable () async -> String? {
            {
                for _ in 0..<3000 where !self.has(file) {
                    do { try await Task.sleep(for: .milliseconds(10)) } catch { return nil }
                }
                return self.has(file) ? "12 requests failed" : nil
            }
        }
        func pid(_ file: String) throws -> pid_t {
            let text = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
            return try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
    }

    private func fault(_ command: String, undo: String = "true") -> PlannedFault {
        PlannedFault(
            name: "shell", fault: .shell(command: command, undo: undo), at: .zero, duration: .seconds(60))
    }

    private func isAlive(_ pid: pid_t) -> Bool { kill(pid, 0) == 0 }

    /// The orphans of a process are reaped by init, in its own time.
    private func hasGone(_ pid: pid_t) async throws -> Bool {
        for _ in 0..<3000 where isAlive(pid) { try await Task.sleep(for: .milliseconds(10)) }
        return !isAlive(pid)
    }

    @Test func `a command is undone by the other one`() async throws {
        let (stage, folder) = (try Stage(), try Folder())
        let engine = try stage.engine(
            [fault("touch \(folder.path)/broken; exec sleep 60", undo: "rm \(folder.path)/broken")],
            harm: folder.harm("broken"))
        try await engine.preflight()
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        #expect(record.effectProof == "the command runs; 12 requests failed")
        #expect(!folder.has("broken"))
        #expect(stage.mutations == [])
    }

    @Test func `a command that fails has no effect, and is undone all the same`() async throws {
        let (stage, folder) = (try Stage(), try Folder())
        let engine = try stage.engine([
            fault("echo 'no such flag' >&2; exit 3", undo: "touch \(folder.path)/undone")
        ])
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.effect == nil && record.state == .healed)
        #expect(folder.has("undone"))
    }

    @Test func `an undo that fails keeps the debt, and says how to pay it by hand`() async throws {
        let (stage, folder) = (try Stage(), try Folder())
        let engine = try stage.engine([
            fault("true", undo: "echo 'it is stuck'; test -e \(folder.path)/mended")
        ])
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .notHealed)
        #expect(record.problem?.contains("ended with 1: it is stuck") == true)
        #expect(
            record.problem?.contains("LOADCHAOS_FAULT='shell' LOADCHAOS_RUN='run-1' sh -c 'echo '\\''it is")
                == true)
        #expect(try stage.journal().unpaid().count == 1)
        folder.make("mended")
        let platform = stage.platform
        _ = try await Recovery.recover(try stage.journal()) { _ in platform }
        #expect(try stage.journal().unpaid().isEmpty)
    }

    /// A debt to a lab goes with the lab; this one does not.
    @Test func `it is owed though the platform has gone`() async throws {
        let (stage, folder) = (try Stage(), try Folder())
        let engine = try stage.engine(
            [
                fault(
                    "touch \(folder.path)/broken",
                    undo: "test -e \(folder.path)/mended && rm \(folder.path)/broken")
            ], harm: folder.harm("broken"))
        await engine.play(0)
        stage.server.stop()
        let next = try stage.engine([Stage.kill], run: "run-2")
        await #expect(throws: ChaosRefusal.self) { try await next.preflight() }
        #expect(try stage.journal().unpaid().count == 1)
        folder.make("mended")
        let platform = stage.platform
        let outcomes = try await Recovery.recover(try stage.journal()) { _ in platform }
        guard case .reverted? = outcomes.first?.outcome else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(!folder.has("broken"))
    }

    /// Killed while its command runs: whoever comes ends that first, with its children, or it would break again what
    /// is being mended.
    @Test func `killed in the middle, the command is ended before it is undone`() async throws {
        let (stage, folder) = (try Stage(), try Folder())
        let path = folder.path
        let command = """
            trap '' TERM; echo $$ >\(path)/shell
            sh -c 'trap "" TERM; echo $$ >\(path)/child; kill -9 '$PPID'; sleep 60' & wait; sleep 60
            """
        // One that is ended and not reaped yet counts as ended.
        let undo = "grep -qs '^State:\t[^ZX]' /proc/$(cat \(path)/child)/status || touch \(path)/undone"
        let plan = "\(path)/plan.json"
        try JSONEncoder().encode(
            Stage.plan([fault(command, undo: undo)])
        ).write(to: URL(filePath: plan))
        // It waits for a file that never comes, so that it is killed and does not end.
        let player = Program.built(
            "FaultPlayer", [plan, stage.server.url, stage.journalPath, "\(path)/noticed"])
        #expect(try Child(unheard: player).wait() == 128 + Int(SIGKILL))
        let (shell, child) = (try folder.pid("shell"), try folder.pid("child"))
        #expect(isAlive(shell) && isAlive(child))
        let platform = stage.platform
        _ = try await Recovery.recover(try stage.journal()) { _ in platform }
        #expect(try await hasGone(shell))
        #expect(try await hasGone(child))
        #expect(folder.has("undone"))
        #expect(try stage.journal().unpaid().isEmpty)
    }
}
