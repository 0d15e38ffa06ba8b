import CLab
import Foundation
import Spawn
import Testing

@testable import Lab

/// The network of a real lab, from a namespace that the test plugs into it. As root only: else a lab's namespaces are
/// out of reach from outside. `swift test --skip MachineNetworkTests` leaves it out.
@Suite(.serialized) struct MachineNetworkTests {
    private static let canBoot = MachineBootTests.canBoot && geteuid() == 0

    /// A host of the VPC that belongs to no service and no group.
    private struct Stranger {
        let network: Int32

        /// `inner`: process 1 of the lab, whose network is the router.
        init(_ address: String, inner: pid_t, processes: ProcessTable) async throws {
            let subnet = try #require(Topology.subnet(of: address))
            network = clab_new_network()
            try #require(network >= 0)
            let router = open("/proc/\(inner)/ns/net", O_RDONLY | O_CLOEXEC)
            try #require(router >= 0)
            defer { close(router) }
            var inside = Program("ip", ["-batch", "-"])
            inside.network = network
            try await processes.must(
                inside,
                input: """
                    link add eth0 type veth peer name v-stranger netns \(inner)
                    link set lo up
                    addr add \(address)/24 dev eth0
                    link set eth0 up

                    """, step: "make the stranger")
            var outside = Program("ip", ["-batch", "-"])
            outside.network = router
            try await processes.must(
                outside, input: "link set v-stranger master \(subnet.bridge)\nlink set v-stranger up\n",
                step: "plug the stranger in")
            try await processes.must(
                inside, input: "route add default via \(Topology.gateway(of: subnet))\n",
                step: "route the stranger")
        }

        func connects(to address: String, _ port: Int) async -> Bool {
            let probe = HealthProbe(network: network, address: address, port: port, question: "x", answer: "")
            return await aside { probe.ask(patience: .seconds(2)) }
        }
    }

    /// The lab's inner process: the child of `unshare`.
    private func inner(of lab: LabProcess) throws -> pid_t {
        let all = ProcessTree.descendants(of: [pid_t(lab.address.pid)])
        return try #require(
            all.first { pid in
                let name = (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)) ?? ""  // just ended
                return name.contains("__lab-inner") && !name.hasPrefix("unshare")
                    && !name.contains("/unshare\0")
            })
    }

    /// The answer of the whole path, by one node.
    private func answers(_ lab: LabProcess, _ path: String, _ status: String) async -> Bool {
        let probe = HealthProbe(
            network: nil, address: lab.address.nodes[0].address, port: lab.address.nodes[0].port,
            question: "GET \(path) HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n",
            answer: "HTTP/1.1 \(status)")
        return await aside { probe.ask(patience: .seconds(5)) }
    }

    @Test(
        .enabled(if: canBoot, "needs root, and what scripts/install-parts installs"), .timeLimit(.minutes(2)),
        arguments: [nil, LabFlaw.leakySecurityGroup])
    func `who is in no group reaches the database of a leaky lab only, and no task`(flaw: LabFlaw?)
        async throws
    {
        let name = flaw?.rawValue ?? "good"
        let state = StateDirectory(path: NSTemporaryDirectory() + "loadchaos-groups-\(name)-\(getpid())")
        let lab = try await LabProcess.start(
            LabSettings(speed: 6, flaw: flaw), in: state, executable: MachineBootTests.executable)
        let processes = ProcessTable()
        let database = try #require(Topology.databases[Topology.firstPrimary])
        let stranger = try await Stranger("10.0.11.200", inner: try inner(of: lab), processes: processes)
        let reachesDatabase = await stranger.connects(to: database, 5432)
        let reachesTask = await stranger.connects(to: "10.0.11.20", 5000)
        let reachesInternet = await stranger.connects(to: Topology.internet, 80)
        var isServed = true
        for number in 1...4 where isServed {
            isServed = await answers(lab, "/api/items?page=\(number)", "200")
        }
        let hasWayOut = await answers(lab, "/api/rates", "200")
        close(stranger.network)
        await lab.stop()

        #expect(reachesDatabase == (flaw == .leakySecurityGroup))
        #expect(!reachesTask)
        // The stranger's own way works: what it does not reach is refused to it, not lost.
        #expect(reachesInternet)
        #expect(isServed && hasWayOut)
    }
}
