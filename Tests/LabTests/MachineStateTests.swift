import Foundation
import Glibc
import Spawn
import Testing

@testable import Lab

/// The state directory: who holds it, and that nothing of it stays.
@Suite struct MachineStateTests {
    private func scratch() -> StateDirectory {
        StateDirectory(path: NSTemporaryDirectory() + "loadchaos-state-\(UUID().uuidString)")
    }

    /// Lets go of the lock. A child that another test is just starting shares it until its exec closes it.
    private func release(_ lock: Int32, of state: StateDirectory) {
        close(lock)
        for _ in 0..<5000 where state.isLocked { usleep(1000) }
    }

    @Test(arguments: [
        (["XDG_RUNTIME_DIR": "/tmp"], "/dev/shm", "/tmp/loadchaos-lab-7"), ([:], "", "/tmp/loadchaos-lab-7"),
        (["XDG_RUNTIME_DIR": ""], "", "/tmp/loadchaos-lab-7"),
        (["XDG_RUNTIME_DIR": "relative"], "", "/tmp/loadchaos-lab-7"),
        (["XDG_RUNTIME_DIR": "/no/such/folder"], "/no/such/folder", "/tmp/loadchaos-lab-7"),
        // One that cannot hold a lab.
        ([:], "/proc", "/tmp/loadchaos-lab-7"),
    ])
    func `each user has one folder`(environment: [String: String], memory: String, path: String) {
        #expect(StateDirectory.ofThisUser(environment: environment, user: 7, memory: memory).path == path)
    }

    @Test func `the folder is in memory where there is room for it`() {
        var facts = statvfs()
        let isRoomy = statvfs("/dev/shm", &facts) == 0 && facts.f_blocks * facts.f_frsize >= 1 << 30
        let expected = (isRoomy ? "/dev/shm" : "/tmp") + "/loadchaos-lab-7"
        #expect(StateDirectory.ofThisUser(environment: [:], user: 7).path == expected)
    }

    @Test func `it is for its user alone`() throws {
        let state = scratch()
        defer { state.remove() }
        try state.make()
        let attributes = try FileManager.default.attributesOfItem(atPath: state.path)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
    }

    @Test func `a link in its place is refused`() throws {
        let state = scratch()
        try FileManager.default.createSymbolicLink(atPath: state.path, withDestinationPath: "/tmp")
        defer { unlink(state.path) }
        #expect(throws: LabError.file(operation: "use", path: state.path, error: EPERM)) { try state.make() }
    }

    @Test func `the lock is held once, and says by whom`() throws {
        let state = scratch()
        defer { state.remove() }
        try state.make()
        #expect(!state.isLocked)
        let lock = try #require(try state.lock())
        #expect(state.isLocked)
        #expect(try state.lock() == nil)
        #expect(state.holder == getpid())
        release(lock, of: state)
        #expect(!state.isLocked)
    }

    private let address = LabAddress(
        apiURL: "http://127.0.0.1:4566",
        nodes: [.init(address: "127.0.1.10", port: 8080, tlsPort: 8443, zone: "ap-south-1a")],
        caFile: "/run/lab/tls/ca.pem", speed: 6, mode: .rootless, limits: LabMode.rootless.limits, pid: 42,
        startedAt: 1.5)

    @Test func `a lab is found while its process holds the lock, and not after`() throws {
        let state = scratch()
        defer { state.remove() }
        #expect(try LabAddress.current(in: state) == nil)
        try state.make()
        let lock = try #require(try state.lock())
        #expect(try LabAddress.current(in: state) == nil, "booting: no address yet")
        try address.write(to: state)
        #expect(try LabAddress.current(in: state) == address)
        release(lock, of: state)
        #expect(try LabAddress.current(in: state) == nil)
    }

    @Test func `a broken address file is an error that names it`() throws {
        let state = scratch()
        defer { state.remove() }
        try state.make()
        let lock = try #require(try state.lock())
        defer { close(lock) }
        try state.write("{", to: LabAddress.file)
        #expect(throws: LabError.file(operation: "read", path: "\(state.path)/lab.json", error: EINVAL)) {
            try LabAddress.current(in: state)
        }
    }

    @Test func `taking down what a killed lab left removes it`() async throws {
        let state = scratch()
        try state.make()
        try address.write(to: state)
        try state.write("x", to: "sockets/api.sock")
        #expect(try await LabHost.takeDownCurrent(in: state) == false)
        #expect(!FileManager.default.fileExists(atPath: state.path))
        #expect(try await LabHost.takeDownCurrent(in: state) == false)
    }

    @Test func `two state directories never share cgroups`() {
        let names = ["/tmp/a", "/tmp/b", "/run/user/7/a"].map { LabHost.cgroupName(StateDirectory(path: $0)) }
        #expect(Set(names).count == 3)
        #expect(names.allSatisfy { $0.hasPrefix("loadchaos-lab-\(geteuid())-") })
    }

    /// Real time: the kernel's word on a group with a process in it.
    @Test(.enabled(if: CPUQuotas.areUsable, "cgroups cannot be written here"))
    func `a group with a process in it is told as left, and removed once that is gone`() async throws {
        let processes = ProcessTable()
        let name = "loadchaos-test-\(UUID().uuidString)"
        let quotas = try #require(CPUQuotas.make(named: name))
        var sleeper = Program("sleep", ["60"])
        sleeper.cgroups = try quotas.add("task")
        let pid = try processes.spawn(sleeper)
        let left = await CPUQuotas.sweep(prefix: name, patience: .milliseconds(50))
        #expect(left == quotas.roots)
        processes.signalGroup(pid, SIGKILL)
        _ = await processes.exit(of: pid)
        #expect(await CPUQuotas.sweep(prefix: name) == [])
    }

    @Test func `what awscli needs is exported`() {
        #expect(
            address.environment.map(\.name) == [
                "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION",
                "AWS_DEFAULT_REGION",
            ])
        #expect(address.environment[0].value == "http://127.0.0.1:4566")
    }
}

extension CPUQuotas {
    /// Whether this machine lets us make groups.
    fileprivate static var areUsable: Bool {
        guard let quotas = make(named: "loadchaos-probe-\(UUID().uuidString)") else { return false }
        quotas.removeAll()
        return true
    }
}
