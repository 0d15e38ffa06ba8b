import Foundation
import Glibc
import Testing

@testable import Lab

/// `kill -9` of each kind of process a lab has. Real processes on real time: nothing less shows who takes whom along.
@Suite(.serialized) struct ProcessDeathTests {
    typealias Process = LabUnderTest.Process

    /// What dies, how it is known, and whether ECS then loses a task.
    private static let kinds: [(name: String, losesTask: Bool, matches: @Sendable (Process) -> Bool)] = [
        ("nginx worker", false, { $0.command.hasPrefix("nginx: worker") }),
        ("gunicorn worker", false, { $0.command.contains("gunicorn") && $0.parent.contains("gunicorn") }),
        ("balancer node", false, { $0.command.contains("alb-ap-south-1a.cfg") }),
        ("API proxy", false, { $0.command.contains("/api.cfg") }),
        ("redis", true, { $0.command.contains("redis-server") }),
        ("nginx master", true, { $0.command.hasPrefix("nginx: master") }),
        ("gunicorn master", true, { $0.command.contains("gunicorn") && !$0.parent.contains("gunicorn") }),
        ("sidecar", true, { $0.command.contains("sidecar.cfg") }),
    ]

    @Test(.enabled(if: LabUnderTest.canBoot, LabUnderTest.needs), .timeLimit(.minutes(5)))
    func `whatever is killed comes back, as AWS brings it back`() async throws {
        let test = try await LabUnderTest.boot("deaths")
        var lost = 0
        for kind in Self.kinds {
            let before = test.processes.filter(kind.matches)
            let victim = try #require(before.first, "no \(kind.name)")
            kill(victim.pid, SIGKILL)
            if kind.losesTask { lost += 1 }
            let isHealed = try await LabUnderTest.within {
                let now = test.processes.filter(kind.matches)
                guard now.count == before.count, !now.contains(where: { $0.pid == victim.pid }) else {
                    return false
                }
                return await test.isWell
            }
            let left = test.processes.filter(kind.matches)
            #expect(isHealed, "\(kind.name): \(victim.pid) of \(before), now \(left)")
            let code = "\"stopCode\":\"EssentialContainerExited\""
            let ended = await test.stopped.components(separatedBy: code).count - 1
            #expect(ended == lost, "\(kind.name)")
        }

        // The inside dies: the whole lab goes, and leaves nothing.
        let inner = try #require(
            test.processes.first { $0.command.contains("__lab-inner") && $0.parent.contains("unshare") })
        let all = test.processes.map(\.pid)
        kill(inner.pid, SIGKILL)
        let isGone = try await LabUnderTest.within {
            all.allSatisfy { kill($0, 0) != 0 || ProcessTree.isZombie($0) }
                && !FileManager.default.fileExists(atPath: test.state.path)
        }
        #expect(isGone)
        await test.lab.stop()
    }

    @Test(.enabled(if: LabUnderTest.canBoot, LabUnderTest.needs), .timeLimit(.minutes(3)))
    func `a hung task is seen by the balancer alone, and replaced for it`() async throws {
        let test = try await LabUnderTest.boot("hang")
        let list = await test.ecs("ListTasks", #""serviceName":"nginx""#)
        let id = try #require(list.firstMatch(of: /:task\/[^\/"]*\/([0-9a-f]{32})/)).output.1
        let sent = await test.api(
            "AmazonSSM.SendCommand",
            """
            {"DocumentName":"AWSFIS-Run-Network-Blackhole-Port-ECS","InstanceIds":["mi-\(id.prefix(17))"],\
            "Parameters":{"Port":["80"],"DurationSeconds":["600"]}}
            """, service: "ssm")
        #expect(sent.contains("\"Status\":\"InProgress\""), "\(sent)")
        let isReplaced = try await LabUnderTest.within {
            await test.stopped.contains("Task failed ELB health checks")
        }
        #expect(isReplaced)
        let stopped = await test.stopped
        #expect(stopped.contains("/\(id)\"") && !stopped.contains("UNHEALTHY"))
        let isWell = try await LabUnderTest.within { await test.isWell }
        #expect(isWell)
        await test.lab.stop()
    }
}

extension ProcessTree {
    /// Ended, and not waited for yet: where process 1 is slow to reap, it stays a while.
    static func isZombie(_ pid: pid_t) -> Bool {
        let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return true }
        defer { close(file) }
        return contents(of: file).split(separator: ")").last?.hasPrefix(" Z") == true
    }
}
