import Testing

@testable import Lab

/// Reading HAProxy's own view of the targets.
@Suite struct MachineStatisticsTests {
    private func node(_ rows: String...) -> HAProxyStatistics {
        HAProxyStatistics(
            csv: "# pxname,svname,scur,status,check_status,\n" + rows.joined(separator: "\n") + "\n\n")
    }

    @Test func `a field is found by its column's name`() {
        let node = node("web,s1,3,UP,,", "checks,s1,0,UP 2/3,L7TOUT,")
        #expect(node.value("scur", proxy: "web", server: "s1") == "3")
        #expect(node.value("check_status", proxy: "checks", server: "s1") == "L7TOUT")
        #expect(node.value("scur", proxy: "web", server: "s9") == nil)
        #expect(node.value("nonsense", proxy: "web", server: "s1") == nil)
        #expect(HAProxyStatistics(csv: "").value("scur", proxy: "web", server: "s1") == nil)
    }

    @Test(arguments: [
        ("UP", true), ("UP 2/3", true), ("no check", true), ("DOWN", false), ("DOWN 1/2", false),
        ("MAINT", false),
        ("DRAIN", false),
    ])
    func `a server that failed one check of three is still up`(status: String, isUp: Bool) {
        #expect(node("checks,s1,0,\(status),,").isUp(proxy: "checks", server: "s1") == isUp)
    }

    @Test(arguments: [
        ("L4TOUT", "Target.Timeout"), ("* L7TOUT", "Target.Timeout"), ("L4CON", "Target.FailedHealthChecks"),
        ("L7STS", "Target.ResponseCodeMismatch"), ("", "Target.FailedHealthChecks"),
    ])
    func `a failed check is told in elbv2's words`(status: String, reason: String) {
        #expect(Balancer.reason(checkStatus: status) == reason)
    }

    private func reading(_ nodes: [HAProxyStatistics], draining: Bool = false, wasHealthy: Bool = true)
        -> TargetReading
    {
        Balancer.reading(
            slot: "s1", address: "10.0.11.20", port: 80, isDraining: draining, wasHealthy: wasHealthy,
            nodes: nodes)
    }

    @Test func `a target is unhealthy when every node in service finds it so`() {
        let (up, down) = (
            node("checks,s1,0,UP,L7OK,", "web,s1,2,UP,,"), node("checks,s1,0,DOWN,L4TOUT,", "web,s1,1,DOWN,,")
        )
        #expect(reading([up, down]).state == .healthy)
        #expect(reading([up, down]).open == 3)
        #expect(reading([down, down]).state == .unhealthy)
        #expect(reading([down, down]).reason == "Target.Timeout")
    }

    @Test func `a target that never was healthy is initial, a leaving one draining`() {
        let down = node("checks,s1,0,DOWN 1/2,L7OK,")
        #expect(reading([down], wasHealthy: false).state == .initial)
        #expect(reading([down], wasHealthy: false).reason == "Elb.InitialHealthChecking")
        #expect(reading([down], draining: true).state == .draining)
    }

    @Test func `a node that sees no healthy target is out of service, unless none does`() {
        let (sees, blind) = (
            node("checks,s1,0,UP,,", "checks,s2,0,DOWN,,"), node("checks,s1,0,DOWN,,", "checks,s2,0,DOWN,,")
        )
        #expect(Balancer.inService([blind, sees], slots: ["s1", "s2"]) == [false, true])
        #expect(Balancer.inService([nil, sees], slots: ["s1", "s2"]) == [false, true])
        #expect(Balancer.inService([blind, blind], slots: ["s1", "s2"]) == [true, true])
        #expect(Balancer.inService([sees, sees], slots: []) == [true, true])
    }
}
