import Testing

@testable import Lab

@Suite struct MachineModeTests {
    private func probe(working: Set<LabMode>) -> ModeProbe {
        ModeProbe { mode in working.contains(mode) ? nil : "unshare failed: Operation not permitted" }
    }

    @Test(arguments: [
        ([LabMode.root, .rootless], LabMode.root), ([.rootless], .rootless), ([], .loopback),
    ])
    func `the most capable mode that works is taken`(working: [LabMode], chosen: LabMode) async throws {
        #expect(try await probe(working: Set(working)).choose(forced: nil) == chosen)
    }

    @Test func `a forced mode is taken even if a better one works`() async throws {
        #expect(try await probe(working: [.root, .rootless]).choose(forced: .rootless) == .rootless)
        #expect(try await probe(working: [.root]).choose(forced: .loopback) == .loopback)
    }

    @Test func `a forced mode that does not work is refused with its reason`() async {
        let error = await #expect(throws: LabError.self) {
            try await probe(working: []).choose(forced: .root)
        }
        #expect(
            error?.description == """
                mode root is not possible here: unshare failed: Operation not permitted
                  next step: leave --mode out, and the lab takes the best mode that is
                """)
    }

    @Test func `a lesser mode says what it loses`() {
        #expect(LabMode.root.limits.isEmpty)
        #expect(LabMode.rootless.limits.count == 1)
        #expect(LabMode.loopback.limits.count == 5)
    }

    @Test(arguments: [
        ("10.0.1.10", "br1"), ("10.0.11.20", "br11"), ("10.0.22.10", "br22"), ("10.0.3.1", nil),
        ("127.0.0.1", nil),
    ])
    func `an address lies in the subnet of its first three numbers`(address: String, bridge: String?) {
        #expect(Topology.subnet(of: address)?.bridge == bridge)
    }

    @Test func `on loopback the document's addresses are mapped into 127`() {
        let (namespaced, loopback) = (Addressing(mode: .rootless), Addressing(mode: .loopback))
        #expect(namespaced.address("10.0.11.20") == "10.0.11.20" && namespaced.port(80) == 80)
        #expect(loopback.address("10.0.11.20") == "127.0.11.20" && loopback.port(80) == 20080)
    }

    @Test(arguments: [
        (256, 0.4, 10000), (512, 0.4, 20000), (1024, 0.4, 40000), (1, 0.4, 1000), (512, 0.6, 30000),
        (512, 0.2, 10000),
    ])
    func `a task's CPU time is its share of a vCPU, and more of a slow core`(
        cpu: Int, coresPerVCPU: Double, microseconds: Int
    ) {
        #expect(CPUQuotas.quotaMicroseconds(cpu: cpu, coresPerVCPU: coresPerVCPU) == microseconds)
    }

    @Test func `a core is as slow as the middle of what was measured last, and hiccups are passed over`() {
        var speed = CoreSpeed()
        #expect(CoreSpeed(strength: 0.5).coresPerVCPU == speed.coresPerVCPU / 2, "half of the usual work")
        #expect(abs(speed.coresPerVCPU - 0.336) < 1e-9, "until measured")
        for milliseconds in [1.0, 2, 1.5, 90, 0] { speed.note(milliseconds / 1000) }
        #expect(abs(speed.coresPerVCPU - 0.63) < 1e-9)
        for _ in 0..<30 { speed.note(0.003) }
        #expect(abs(speed.coresPerVCPU - 1.26) < 1e-9)
    }

    @Test(arguments: [
        ("42 (nginx) S 7 42 42 0", 7), ("42 (a) b) c) R 1234 1 1", 1234), ("", nil), ("42 (x", nil),
    ])
    func `a parent is read past any name`(stat: String, parent: Int32?) {
        #expect(ProcessTree.parent(stat: stat) == parent)
    }
}
