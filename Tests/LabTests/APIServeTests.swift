import Dispatch
import Foundation
import Loopback
import Testing

@testable import Lab

/// The API on a real socket, in front of a scripted machine.
@Suite struct APIServeTests {
    /// Serves until told to stop, for `Tests/conformance/run --fake`: the variable names a file; the port is
    /// written
    /// to it, and the lab goes when the file does, or after ten minutes.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["LOADCHAOS_FAKE_LAB"] != nil))
    func `a lab without a machine is served`() async throws {
        let file = URL(filePath: try #require(ProcessInfo.processInfo.environment["LOADCHAOS_FAKE_LAB"]))
        let clock = MachineClock()
        let control = ControlPlane(
            dataPlane: FakeDataPlane(), clock: clock, settings: ControlSettings(speed: 30, seed: 1))
        try await withLab(control) { port in
            try Data("\(port)".utf8).write(to: file, options: .atomic)
            let end = clock.now + .seconds(600)
            while clock.now < end, FileManager.default.fileExists(atPath: file.path()) {
                try await clock.sleep(until: clock.now + .milliseconds(100))
            }
        }
    }

    private func withLab(_ control: ControlPlane, _ work: @Sendable (UInt16) async throws -> Void)
        async throws
    {
        let server = try LoopbackServer(serving: LabAPI(control: control), at: .port(0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask { await control.run() }
            let port = try #require(try await server.listening())
            try await control.boot()
            try await work(port)
            group.cancelAll()
            // Cancelled on purpose: the server says so by throwing.
            while let result = await group.nextResult() { if case .failure = result { continue } }
        }
    }

    /// One request on a connection of its own. Blocks, so not on a thread that Swift's tasks share.
    private func exchange(_ port: UInt16, _ request: Data) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try Self.exchangeBlocking(port, request) })
            }
        }
    }

    private static func exchangeBlocking(_ port: UInt16, _ request: Data) throws -> String {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        var sent = 0
        let bytes = [UInt8](request)
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            try #require(count > 0)
            sent += count
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count <= 0 { break }
            answer += buffer[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }

    @Test func `a request over a socket is answered, and one that is too large`() async throws {
        let control = ControlPlane(
            dataPlane: FakeDataPlane(), clock: MachineClock(), settings: ControlSettings(speed: 30, seed: 1))
        try await withLab(control) { port in
            let signed = ControlLab.signed("sts")["authorization"] ?? ""
            let head = { (length: Int) in
                "POST / HTTP/1.1\r\nHost: x\r\n"
                    + "Connection: close\r\nAuthorization: \(signed)\r\nContent-Length: \(length)\r\n\r\n"
            }
            let call = "Action=GetCallerIdentity&Version=2011-06-15"
            let fine = try await exchange(port, Data((head(call.utf8.count) + call).utf8))
            #expect(fine.hasPrefix("HTTP/1.1 200"))
            #expect(fine.contains("<Account>123456789012</Account>"))
            let size = 3 * LabAPI.bodyLimit
            let large = try await exchange(port, Data(head(size).utf8) + Data(repeating: 65, count: size))
            #expect(large.hasPrefix("HTTP/1.1 413"))
            #expect(large.contains("<Code>RequestEntityTooLarge</Code>"))
        }
    }

    @Test func `a port that is taken is an error`() async throws {
        let control = ControlPlane(
            dataPlane: FakeDataPlane(), clock: MachineClock(), settings: ControlSettings(speed: 30, seed: 1))
        try await withLab(control) { port in
            let second = try LoopbackServer(serving: LabAPI(control: control), at: .port(port))
            await #expect(throws: (any Error).self) { try await second.run() }
        }
    }
}
