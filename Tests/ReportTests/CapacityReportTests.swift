import Capacity
import Foundation
import History
import Plan
import Testing

@testable import Report

/// The capacity plan as people and machines read it.
@Suite struct CapacityReportTests {
    private static func stage(_ tasks: Int, _ rate: Double, _ outcome: Stage.Outcome, p95: Double?) -> Stage {
        Stage(
            run: "20261126-181327-capacity-\(tasks)", service: "web", tasks: tasks, rate: rate,
            outcome: outcome,
            seconds: 20, ok: UInt64(rate * 20), p50: 3, p95: p95, cpu: ["web": rate / Double(tasks) / 110])
    }

    private static let knees = [2, 3, 4].map { tasks in
        Knee(
            tasks: tasks,
            stages: [
                stage(tasks, Double(tasks * 20), .met, p95: 5),
                stage(tasks, Double(tasks * 100), .met, p95: 40),
                stage(tasks, Double(tasks * 105), .missed, p95: nil),
            ])
    }

    private static let system = System(
        name: "shop <b>", region: "ap-south-1", zones: ["a", "b"], cluster: "c", balancer: "alb",
        balancedService: "web",
        services: [System.Service(name: "web", tasks: 2...4, port: 80, cpu: 512, memory: 1024)],
        costs: [.init(name: "Fargate", item: .tasks, stated: 40)])

    private func report(
        demand: Double? = nil, growth: Growth? = nil, traffic: Traffic? = nil, knees: [Knee] = knees
    ) throws -> CapacityReport {
        let plan = CapacityPlan(
            system: Self.system, service: Self.system.services[0],
            model: try #require(CapacityModel(knees, seed: 1)), demand: demand, growth: growth,
            traffic: traffic,
            surge: Surge(run: "r", service: "web", decided: 90, served: 130, resolution: 10),
            today: Date(timeIntervalSince1970: 1_795_651_200))
        return CapacityReport(
            plan, knees: knees, objective: Objective(latency: .milliseconds(100)),
            measurement: "capacity-20261126181326",
            environment: RunRecord.Environment(
                platform: "lab", targets: [], labMode: "root", host: "h", kernel: "Linux 6.1", processors: 2),
            speed: 10)
    }

    @Test func `it says what was measured, what follows, and where that is not known`() throws {
        let text = try report().text(width: 140)
        for line in [
            "  carried  p95 latency < 100ms, error rate < 1%",
            "      4  400/s  carried      3ms   40ms      0%  91%  20261126-181327-capacity-4",
            "      4  420/s  not carried  3ms  never      0%  95%  20261126-181327-capacity-4",
            "  4 tasks  the CPU of web: 95% used at the knee",
            "  one more task serves  130s (resolution 10s)",
            "  - give --demand, --growth or --traffic for a plan",
        ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
    }

    @Test func `a demand is answered in tasks and days`() throws {
        let text = try report(demand: 190, growth: Growth("10%/month")).text(width: 140)
        #expect(text.contains("  tasks at 70%                  3\n"), "\(text)")
        #expect(text.contains("  tasks if a zone is lost then  4\n"))
        #expect(text.contains("  the limit is full             2027-03-29, in 4.1 months\n"), "\(text)")
    }

    @Test func `more than the limits allow is said in so many words`() throws {
        let text = try report(demand: 350).text(width: 140)
        #expect(text.contains("6, over the limit of 4"), "\(text)")
        #expect(text.contains("extrapolated, beyond the limit of 4"))
    }

    @Test func `a ramp is kept up with or not`() throws {
        let steep = try Traffic.csv("0,100\n130,200\n")
        #expect(
            try report(traffic: steep).text(width: 140)
                .contains("Autoscaling at 70% is too late: tasks may be 50% full at most"))
        let gentle = try Traffic.csv("0,100\n1300,200\n")
        #expect(try report(traffic: gentle).text(width: 140).contains("Autoscaling at 70% keeps up"))
    }

    @Test func `a knee that is not known has its reason`() throws {
        let knees =
            Self.knees.dropLast() + [
                Knee(tasks: 4, stages: [Self.stage(4, 300, .generator("it was starved"), p95: 9)])
            ]
        let text = try report(knees: Array(knees)).text(width: 140)
        #expect(text.contains("  4 tasks  unknown: at 300/s the generator was the limit: it was starved\n"))
    }

    @Test func `the page is whole, asks nobody, and escapes what is not ours`() throws {
        let page = try report(demand: 190).page()
        #expect(page.contains("<h1>Capacity of shop &lt;b&gt;</h1>") && !page.contains("<b>"))
        for word in ["src=", "href=", "url(", "@import", "https://", "http://"] {
            #expect(!page.contains(word))
        }
        #expect(page.components(separatedBy: "<svg").count == 3)
        #expect(page.contains("connect-src 'none'") && !page.contains("NaN") && !page.contains("inf"))
    }

    @Test func `markdown and JSON say the same`() throws {
        let report = try report(demand: 190)
        #expect(report.markdown().hasPrefix("# Capacity of shop &lt;b&gt;\n"))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
        #expect(object["tasks_at_target"] as? Int == 3 && object["tasks_without_zone"] as? Int == 4)
        #expect((object["stages"] as? [Any])?.count == 9 && (object["knees"] as? [Any])?.count == 3)
        let law = try #require(object["law"] as? [String: Any])
        #expect(abs((law["per_task"] as? Double ?? 0) - 102.47) < 0.1)
    }
}
