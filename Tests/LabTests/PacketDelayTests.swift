import CLab
import Foundation
import Glibc
import Spawn
import Testing

@testable import Lab

/// The queue that takes netem's place, in a network of the test's own. Real time: the kernel holds the packets.
@Suite struct PacketDelayTests {
    private static let canQueue = geteuid() == 0

    /// A network with a loopback whose packets wait in the queue.
    private static func network(_ processes: ProcessTable) async throws -> Int32 {
        let network = clab_new_network()
        try #require(network >= 0)
        var ip = Program("ip", ["link", "set", "lo", "up"])
        ip.network = network
        try await processes.must(ip, step: "set loopback up")
        return network
    }

    private static func queue(_ isOn: Bool, _ network: Int32, _ processes: ProcessTable) async throws {
        var tables = Program("iptables-restore", [])
        tables.network = network
        // The lab spares loopback, which is all there is here.
        let rules = PacketQueue.rules(isOn).replacing("! -o lo", with: "-o lo")
        try await processes.must(tables, input: rules, step: "queue packets")
    }

    /// How long a datagram takes to come back to its own socket, in milliseconds; nil: longer than 5 s.
    private static func trip(_ network: Int32) throws -> Double? {
        let socket = clab_socket_in(network, AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        try #require(socket >= 0)
        defer { close(socket) }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &place.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let passed = withUnsafeMutablePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
                    && connect(socket, $0, size) == 0
            }
        }
        try #require(passed)
        let start = ContinuousClock.now
        try #require(send(socket, "x", 1, 0) == 1)
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, 5_000) == 1 else { return nil }
        return start.duration(to: .now) / .milliseconds(1)
    }

    @Test(.enabled(if: canQueue, "needs root"), .timeLimit(.minutes(1)))
    func `a packet leaves as late as it was said, and at once when that has ended`() async throws {
        let processes = ProcessTable()
        let network = try await Self.network(processes)
        defer { close(network) }

        let delay = try PacketDelay(.init(milliseconds: 200, jitter: 0), network: network)
        try await Self.queue(true, network, processes)
        let late = try #require(try await aside { Result { try Self.trip(network) } }.get())
        #expect(late >= 200)

        delay.change(to: .init(milliseconds: 400, jitter: 50))
        let later = try #require(try await aside { Result { try Self.trip(network) } }.get())
        #expect(later >= 350)

        // What waits is let go, not lost.
        delay.change(to: .init(milliseconds: 60_000, jitter: 0))
        async let waiting = aside { Result { try Self.trip(network) } }
        try await Task.sleep(for: .milliseconds(300))
        delay.stop()
        #expect(try await waiting.get() != nil)

        // The rule is still there, and nobody serves its queue.
        #expect(try #require(try await aside { Result { try Self.trip(network) } }.get()) < 350)
        try await Self.queue(false, network, processes)
        #expect(try await aside { Result { try Self.trip(network) } }.get() != nil)
    }

    @Test(.enabled(if: canQueue, "needs root"))
    func `a queue that another holds is refused`() async throws {
        let processes = ProcessTable()
        let network = try await Self.network(processes)
        defer { close(network) }
        let delay = try PacketDelay(.init(milliseconds: 1, jitter: 0), network: network)
        defer { delay.stop() }
        #expect(throws: LabError.self) {
            try PacketDelay(.init(milliseconds: 1, jitter: 0), network: network)
        }
    }
}
