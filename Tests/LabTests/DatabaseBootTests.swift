import Foundation
import Testing

@testable import Lab

/// Real PostgreSQL servers, killed from outside. Takes real time, because fail-over and rejoining do:
/// `swift test --skip DatabaseBootTests` leaves it out.
@Suite(.serialized) struct DatabaseBootTests {
    private struct RunningLab {
        let process: LabProcess
        let state: StateDirectory

        /// The answer to one RDS call, as text; "" if none came.
        func rds(_ action: String) -> String {
            let port = Int(process.address.apiURL.split(separator: ":").last ?? "") ?? 0
            let end = ContinuousClock.now + .seconds(5)
            guard let socket = PatientSocket(network: nil, address: "127.0.0.1", port: port, until: end)
            else {
                return ""
            }
            defer { close(socket.file) }
            let body = "Action=\(action)&Version=2014-10-31"
            let head =
                "POST / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n"
                + "Authorization: \(ControlLab.signed("rds")["authorization"] ?? "")\r\n\r\n"
            guard socket.send(Array((head + body).utf8)) else { return "" }
            var answer: [UInt8] = []
            while let byte = socket.receive(1, until: end) { answer += byte }
            return String(decoding: answer, as: UTF8.self)
        }

        /// `available ap-south-1b`: the status, and the zone of the primary.
        var place: String {
            let answer = rds("DescribeDBInstances")
            let status = answer.firstMatch(of: /<DBInstanceStatus>(.*?)</).map { String($0.output.1) } ?? "-"
            let zone = answer.firstMatch(of: /<AvailabilityZone>(.*?)</).map { String($0.output.1) } ?? "-"
            return "\(status) \(zone)"
        }

        /// The instance's first process: the one whose parent is none of them.
        func postmaster(_ zone: String) -> pid_t? {
            let root = URL(filePath: state.path).resolvingSymlinksInPath().path
            let all = Set(DatabaseInstance.processes(in: "\(root)/database-\(zone)"))
            return all.first { pid in
                let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
                guard file >= 0 else { return false }
                defer { close(file) }
                return ProcessTree.parent(stat: contents(of: file)).map { !all.contains($0) } ?? false
            }
        }

        /// One that stays: pg_rewind starts servers of its own for a moment.
        func lastingPostmaster(_ zone: String) async -> pid_t? {
            let first = postmaster(zone)
            // Never cancelled.
            try? await Task.sleep(for: .seconds(1))
            return first == postmaster(zone) ? first : nil
        }

        /// A POST of an item through the whole path.
        func writes() async -> Bool {
            let node = process.address.nodes[0]
            let body = #"{"id": "\#(UUID().uuidString)", "name": "x"}"#
            let probe = HealthProbe(
                network: nil, address: node.address, port: node.port,
                question: "POST /api/items HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)",
                answer: "HTTP/1.1 201")
            return await aside { probe.ask(patience: .seconds(5)) }
        }

        func until(_ what: Comment, _ condition: () async -> Bool) async {
            let end = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < end {
                if await condition() { return }
                // Never cancelled; the loop ends by itself.
                try? await Task.sleep(for: .milliseconds(100))
            }
            Issue.record(what)
        }
    }

    @Test(
        .enabled(if: MachineBootTests.canBoot, "scripts/install-parts has not been run"),
        .timeLimit(.minutes(4)),
        arguments: [LabMode?.none, .loopback])
    func `a primary and a standby that are killed are replaced by themselves`(mode: LabMode?) async throws {
        let state = StateDirectory(
            path: NSTemporaryDirectory() + "loadchaos-db-\(mode?.rawValue ?? "any")-\(getpid())")
        let process = try await LabProcess.start(
            LabSettings(speed: 30, mode: mode), in: state, executable: MachineBootTests.executable)
        let lab = RunningLab(process: process, state: state)
        do { try await killBoth(lab) } catch { Issue.record(error) }
        await process.stop()
        #expect(!FileManager.default.fileExists(atPath: state.path))
    }

    private func killBoth(_ lab: RunningLab) async throws {
        #expect(lab.place == "available ap-south-1b")
        #expect(lab.rds("DescribeDBInstances").contains(/<EngineVersion>15\.\d+<\/EngineVersion>/))

        let primary = try #require(lab.postmaster("ap-south-1b"))
        kill(primary, SIGKILL)
        await lab.until("the standby did not take over") { lab.place == "available ap-south-1a" }
        await lab.until("nothing can be written after the fail-over") { await lab.writes() }
        var back: pid_t?
        await lab.until("the old primary did not come back") {
            back = await lab.lastingPostmaster("ap-south-1b")
            return back != nil
        }

        let standby = try #require(back)
        kill(standby, SIGKILL)
        await lab.until("nothing can be written without a standby") { await lab.writes() }
        await lab.until("the standby did not come back") {
            await lab.lastingPostmaster("ap-south-1b").map { $0 != standby } ?? false
        }
        #expect(lab.place == "available ap-south-1a")
        #expect(lab.rds("DescribeEvents").matches(of: /failover completed/).count == 1)
    }
}
