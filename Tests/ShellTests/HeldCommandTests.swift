import Foundation
import Glibc
import Shell
import Spawn
import Testing

/// Real processes: what is tested is when they begin, and that it is the right ones that are ended.
struct HeldCommandTests {
    /// Asked until it has ended; bounded.
    private func ending(of process: Child) async throws -> Int? {
        for _ in 0..<1000 {
            if let code = process.ending() { return code }
            try await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }

    private func mark() -> String { NSTemporaryDirectory() + "loadchaos-held-\(UUID().uuidString)" }

    @Test func `one that is held does nothing until it may go`() async throws {
        let mark = mark()
        defer { unlink(mark) }
        let held = try HeldCommand("touch \(mark); exit 3")
        try await Task.sleep(for: .milliseconds(100))
        #expect(held.process.ending() == nil && access(mark, F_OK) != 0)
        held.go()
        #expect(try await ending(of: held.process) == 3)
        #expect(access(mark, F_OK) == 0)
    }

    @Test func `one that is held ends without a deed when we go before it may`() async throws {
        let mark = mark()
        var held: HeldCommand? = try HeldCommand("touch \(mark)")
        let id = try #require(held?.process.id)
        held = nil
        var status: Int32 = 0
        for _ in 0..<1000 where waitpid(id, &status, WNOHANG) == 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(status == 0 && access(mark, F_OK) != 0)
    }

    @Test func `a process of another life with the same number is left alone`() async throws {
        let process = try Child(.shell("exec sleep 60"))
        defer { process.signal(SIGKILL) }
        var other = try #require(ProcessIdentity(of: process.id))
        #expect(other.leadsGroup)
        other.started += 1
        other.endGroup()
        #expect(process.ending() == nil)
        other.started -= 1
        other.endGroup()
        #expect(try await ending(of: process) == 128 + Int(SIGTERM))
    }
}
