import Foundation
import Glibc
import Testing

@testable import Lab

/// A real lab in root mode, for tests that break its processes: what runs in it, and what its API says.
struct LabUnderTest {
    static let executable = URL(filePath: Parts.executablePath()).deletingLastPathComponent()
        .appending(path: "loadchaos").path

    /// Root mode, and everything the lab is made of is here.
    static let canBoot =
        geteuid() == 0 && access(executable, X_OK) == 0
        && (try? Parts.find(
            environment: ProcessInfo.processInfo.environment.merging(["LOADCHAOS_HOME": Repository.path("")])
            { $1 }))
            != nil

    static let needs: Comment = "needs root and what scripts/install-parts installs"

    let lab: LabProcess
    let state: StateDirectory

    /// Fast enough that a replacement takes seconds: 20 times.
    static func boot(_ name: String, flaw: LabFlaw? = nil) async throws -> LabUnderTest {
        let state = StateDirectory(path: NSTemporaryDirectory() + "loadchaos-\(name)-\(getpid())")
        let settings = LabSettings(speed: 20, mode: .root, flaw: flaw)
        return LabUnderTest(
            lab: try await LabProcess.start(settings, in: state, executable: executable), state: state)
    }

    // MARK: Processes

    struct Process: Hashable {
        let pid: pid_t
        let command: String
        let parent: String
    }

    /// All processes of the lab, with their command lines and those of their parents.
    var processes: [Process] {
        ProcessTree.descendants(of: [pid_t(lab.address.pid)]).sorted().map { pid in
            Process(
                pid: pid, command: Self.text(pid, "cmdline"),
                parent: ProcessTree.parent(stat: Self.text(pid, "stat")).map { Self.text($0, "cmdline") }
                    ?? "")
        }
    }

    private static func text(_ pid: pid_t, _ name: String) -> String {
        let file = open("/proc/\(pid)/\(name)", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }  // it ended while we looked
        defer { close(file) }
        return contents(of: file).replacing("\0", with: " ")
    }

    // MARK: Its answers

    /// The whole answer to one request on a connection of its own; empty if there is none within 5 s.
    static func exchange(_ address: String, _ port: Int, _ request: String) async -> String {
        await aside {
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(socket) }
            var patience = timeval(tv_sec: 5, tv_usec: 0)
            for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
                setsockopt(socket, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
            }
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_port = in_port_t(port).bigEndian
            inet_pton(AF_INET, address, &place.sin_addr)
            let connected = withUnsafePointer(to: &place) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard connected == 0, send(socket, request, request.utf8.count, Int32(MSG_NOSIGNAL)) > 0 else {
                return ""
            }
            var answer: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 16384)
            while true {
                let count = recv(socket, &buffer, buffer.count, 0)
                guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
                answer += buffer[..<count]
            }
        }
    }

    func api(_ target: String, _ body: String, service: String = "ecs") async -> String {
        let port = Int(lab.address.apiURL.split(separator: ":").last ?? "") ?? 0
        let authorization = ControlLab.signed(service)["authorization"] ?? ""
        return await Self.exchange(
            "127.0.0.1", port,
            """
            POST / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\nAuthorization: \(authorization)\r\n\
            X-Amz-Target: \(target)\r\nContent-Type: application/x-amz-json-1.1\r\n\
            Content-Length: \(body.utf8.count)\r\n\r\n\(body)
            """)
    }

    func ecs(_ action: String, _ rest: String) async -> String {
        await api(
            "AmazonEC2ContainerServiceV20141113.\(action)",
            "{\"cluster\":\"ecs-microservices-cluster\",\(rest)}")
    }

    /// All services have what they want, no task is on its way out, and four requests through each node are answered
    /// by the application.
    var isWell: Bool {
        get async {
            let services = await ecs("DescribeServices", #""services":["nginx","flask-app","redis"]"#)
            let counts = services.matches(of: /"desiredCount":(\d+),"runningCount":(\d+),"pendingCount":0/)
            guard counts.count == 3, counts.allSatisfy({ $0.output.1 == $0.output.2 }) else { return false }
            guard !(await stopped).contains(/"lastStatus":"(?!STOPPED)/) else { return false }
            for node in lab.address.nodes {
                for number in 1...4 {
                    let answer = await Self.exchange(
                        node.address, node.port,
                        "GET /api/items/\(number) HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")
                    guard answer.hasPrefix("HTTP/1.1 200") else { return false }
                }
            }
            return true
        }
    }

    /// The stopped tasks of the lab's life, as DescribeTasks writes them.
    var stopped: String {
        get async {
            let list = await ecs("ListTasks", #""desiredStatus":"STOPPED""#)
            let arns = list.matches(of: /"(arn:aws:ecs:[^"]*:task\/[^"]*)"/).map { "\"\($0.output.1)\"" }
            return arns.isEmpty
                ? "" : await ecs("DescribeTasks", "\"tasks\":[\(arns.joined(separator: ","))]")
        }
    }

    /// Asks until it is so; false after a minute. Real time, since what is waited for are processes.
    static func within(seconds: Int = 60, _ condition: () async -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if await condition() { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }
}
