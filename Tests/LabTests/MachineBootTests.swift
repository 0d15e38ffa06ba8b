import Foundation
import Testing

@testable import Lab

/// Files of this repository, found from where this file was compiled.
enum Repository {
    static func path(_ relative: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: relative).path
    }
}

/// Starts real servers for some seconds: `swift test --skip MachineBootTests` leaves it out.
@Suite(.serialized) struct MachineBootTests {
    /// The program built beside the tests.
    static let executable = URL(filePath: Parts.executablePath()).deletingLastPathComponent()
        .appending(path: "loadchaos").path
    static let canBoot =
        access(executable, X_OK) == 0
        && (try? Parts.find(
            environment: ProcessInfo.processInfo.environment.merging(["LOADCHAOS_HOME": Repository.path("")])
            { $1 }))
            != nil

    @Test(.enabled(if: canBoot, "scripts/install-parts has not been run"), .timeLimit(.minutes(2)))
    func `a lab boots, answers through both nodes, and leaves nothing`() async throws {
        let state = StateDirectory(path: NSTemporaryDirectory() + "loadchaos-boot-\(getpid())")
        let lab = try await LabProcess.start(LabSettings(speed: 6), in: state, executable: Self.executable)
        var answers = 0
        for number in 1...20 {
            let node = lab.address.nodes[number % 2]
            let probe = HealthProbe(
                network: nil, address: node.address, port: node.port,
                question: "GET /api/items/\(number) HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n",
                answer: "HTTP/1.1 200")
            if await aside({ probe.ask(patience: .seconds(5)) }) { answers += 1 }
        }
        let children = ProcessTree.descendants(of: [pid_t(lab.address.pid)])
        await lab.stop()

        #expect(answers == 20)
        #expect(children.count > 20)
        let left = children.filter { Self.isRunning($0) }
        #expect(left.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: state.path))
        let cgroups = ["/sys/fs/cgroup", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpuacct"].filter {
            FileManager.default.fileExists(atPath: "\($0)/\(LabHost.cgroupName(state))")
        }
        #expect(cgroups.isEmpty)
        let listeners = try HostListeners.bind(port: lab.address.nodes[0].port)
        for socket in HostListeners.sockets(listeners) { close(socket) }
    }

    /// A zombie is no process any more: where process 1 is slow to reap, it stays a while.
    private static func isRunning(_ pid: pid_t) -> Bool {
        let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        let stat = contents(of: file)
        return stat.split(separator: ")").last?.hasPrefix(" Z") == false
    }
}
