import Loopback
import Testing

@testable import Lab

/// RDS, on a scripted machine.
@Suite struct APIDatabaseTests {
    /// A lab whose standby is in sync.
    private func lab(speed: Double = 6) async -> ControlLab {
        let lab = ControlLab(speed: speed)
        await look(lab, 4)
        return lab
    }

    private func look(_ lab: ControlLab, _ times: Int = 1) async {
        for _ in 0..<times {
            await lab.control.database.pass()
            if await !lab.control.database.state.isBusy { await lab.control.database.settle() }
        }
    }

    private func rds(_ lab: ControlLab, _ query: String) async -> LoopbackAnswer {
        await lab.form("rds", "Action=\(query)")
    }

    private func zones(_ lab: ControlLab) async -> String {
        let answer = await rds(lab, "DescribeDBInstances")
        return "\(answer.xml("DBInstanceStatus") ?? "-") \(answer.xml("AvailabilityZone") ?? "-") "
            + (answer.xml("SecondaryAvailabilityZone") ?? "-")
    }

    private func messages(_ lab: ControlLab, _ more: String = "") async -> [String] {
        await rds(lab, "DescribeEvents" + more).body.matches(of: /<Message>(.*?)<\/Message>/).map {
            String($0.output.1)
        }
    }

    private let name = "DBInstanceIdentifier=ecs-microservices-db"

    @Test func `a forced fail-over is fenced, promoted, and answers again when its time is over`()
        async throws
    {
        let lab = await lab()
        #expect(await lab.control.database.isReady)
        #expect(await zones(lab) == "available ap-south-1b ap-south-1a")
        #expect(await rds(lab, "DescribeDBInstances").xml("EngineVersion") == "15.18", "as the server says")
        let answer = await rds(lab, "RebootDBInstance&\(name)&ForceFailover=true")
        #expect(answer.status == 200 && answer.xml("DBInstanceStatus") == "rebooting")
        let busy = await rds(lab, "RebootDBInstance&\(name)")
        #expect(busy.status == 400 && busy.xml("Code") == "InvalidDBInstanceState")
        #expect(busy.xml("Message") == "Instance ecs-microservices-db is not in available state.")
        while !lab.machine.database.now.log.contains("promote ap-south-1a") { await Task.yield() }
        #expect(!lab.machine.database.now.log.contains { $0.hasPrefix("point") })
        #expect(await zones(lab).hasPrefix("rebooting"))
        // 60 s of the scenario, at speed 6.
        while await zones(lab).hasPrefix("rebooting") {
            lab.clock.advance(by: .seconds(10) - lab.clock.now)
            await Task.yield()
        }
        #expect(
            lab.machine.database.now.log == [
                "join ap-south-1a to ap-south-1b", "wait true at ap-south-1b", "fence ap-south-1b",
                "promote ap-south-1a", "point at ap-south-1a",
            ])
        #expect(await zones(lab) == "available ap-south-1a ap-south-1b")
        #expect(
            await messages(lab) == [
                "Multi-AZ instance failover started.", "DB instance restarted",
                "Multi-AZ instance failover completed",
            ])
        await look(lab, 4)
        #expect(
            lab.machine.database.now.log.suffix(2) == [
                "join ap-south-1b to ap-south-1a", "wait true at ap-south-1a",
            ])
        #expect(await lab.control.database.isReady)
    }

    @Test func `a fail-over without a standby in sync is abandoned, as RDS words it`() async {
        let lab = ControlLab(speed: 6)
        #expect(await rds(lab, "RebootDBInstance&\(name)&ForceFailover=true").status == 200)
        #expect(await zones(lab) == "available ap-south-1b ap-south-1a")
        #expect(await messages(lab).first?.hasPrefix("Abandoning user requested failover") == true)
        #expect(lab.machine.database.now.log == [])
    }

    @Test func `a standby that cannot take over leaves the old primary in its place`() async {
        let lab = await lab()
        lab.machine.database.script { $0.failing = ["promote"] }
        _ = await rds(lab, "RebootDBInstance&\(name)&ForceFailover=true")
        await lab.control.database.settle()
        #expect(
            lab.machine.database.now.log.suffix(3) == [
                "fence ap-south-1b", "promote ap-south-1a", "restart ap-south-1b",
            ])
        #expect(await zones(lab) == "available ap-south-1b ap-south-1a")
    }

    @Test func `reboot, stop and start`() async {
        let lab = await lab()
        let early = await rds(lab, "StartDBInstance&\(name)")
        #expect(early.xml("Code") == "InvalidDBInstanceState")
        _ = await rds(lab, "RebootDBInstance&\(name)")
        await lab.control.database.settle()
        _ = await rds(lab, "StopDBInstance&\(name)")
        await lab.control.database.settle()
        #expect(await zones(lab) == "stopped ap-south-1b ap-south-1a")
        let stopped = await rds(lab, "RebootDBInstance&\(name)")
        #expect(stopped.xml("Code") == "InvalidDBInstanceState")
        _ = await rds(lab, "StartDBInstance&\(name)")
        await lab.control.database.settle()
        #expect(await zones(lab).hasPrefix("available"))
        #expect(
            lab.machine.database.now.log.suffix(4) == [
                "restart ap-south-1b", "stop ap-south-1b", "stop ap-south-1a", "restart ap-south-1b",
            ])
        #expect(
            await messages(lab) == [
                "DB instance shutdown", "DB instance restarted", "DB instance stopped", "DB instance started",
            ])
        #expect(await messages(lab, "&EventCategories.EventCategory.1=notification").count == 2)
    }

    @Test(
        arguments: [
            (
                "DescribeDBInstances&DBInstanceIdentifier=x", 404, "DBInstanceNotFound",
                "DBInstance x not found."
            ),
            ("RebootDBInstance&DBInstanceIdentifier=x", 404, "DBInstanceNotFound", "DBInstance x not found."),
            (
                "RebootDBInstance", 400, "MissingParameter",
                "The request must contain the parameter DBInstanceIdentifier."
            ),
            (
                "DescribeDBInstances&MaxRecords=5", 400, "InvalidParameterValue",
                "Invalid value 5 for MaxRecords. Must be between 20 and 100"
            ),
            (
                "DescribeDBInstances&Marker=x", 400, "InvalidParameterValue",
                "The parameter Marker is not a valid marker."
            ),
            (
                "DescribeDBInstances&Filters.Filter.1.Name=colour", 400, "InvalidParameterValue",
                "Unrecognized filter name: colour"
            ),
            (
                "DescribeDBSubnetGroups&DBSubnetGroupName=x", 404, "DBSubnetGroupNotFoundFault",
                "DB subnet group &apos;x&apos; does not exist."
            ),
            (
                "DescribeEvents&SourceIdentifier=x", 400, "InvalidParameterCombination",
                "The SourceType parameter must be supplied if SourceIdentifier is supplied."
            ),
            (
                "ListTagsForResource&ResourceName=arn:aws:rds:ap-south-1:1:db:x", 404, "DBInstanceNotFound",
                "DBInstance x not found."
            ),
            (
                "DeleteDBInstance", 400, "InvalidAction",
                "Could not find operation DeleteDBInstance for version 2014-10-31"
            ),
        ] as [(String, Int, String, String)])
    func `what is wrong is refused in RDS's words`(query: String, status: Int, code: String, message: String)
        async
    {
        let answer = await rds(ControlLab(), query)
        #expect(answer.status == status)
        #expect(answer.xml("Code") == code)
        #expect(answer.xml("Message") == message.replacing("&apos;", with: "'"))
    }

    @Test func `events come in pages, each once`() async throws {
        let lab = ControlLab(speed: 6)
        for _ in 0..<25 { _ = await rds(lab, "RebootDBInstance&\(name)&ForceFailover=true") }
        let first = await rds(lab, "DescribeEvents&MaxRecords=20")
        let marker = try #require(first.xml("Marker"))
        let second = await rds(
            lab, "DescribeEvents&MaxRecords=20&Marker=\(marker.replacing("=", with: "%3D"))")
        #expect(first.body.matches(of: /<Event>/).count == 20)
        #expect(second.body.matches(of: /<Event>/).count == 5)
        #expect(second.xml("Marker") == nil)
    }

    @Test func `tags and the subnet group`() async {
        let lab = ControlLab()
        let arn = lab.control.database.names.arn
        #expect(
            await rds(lab, "ListTagsForResource&ResourceName=\(arn)").body.contains(
                "<Key>loadchaos-lab</Key>"))
        let group = await rds(lab, "DescribeDBSubnetGroups")
        #expect(group.body.matches(of: /<SubnetIdentifier>/).count == 2)
        #expect(group.xml("DBSubnetGroupName") == "ecs-microservices-db-subnets")
    }
}
