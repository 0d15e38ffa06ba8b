package import Capacity
import Foundation
package import History
import Plan
import Verdict

/// A capacity plan for people: what was measured, and what it means for the demand.
package struct CapacityReport {
    package let plan: CapacityPlan
    package let knees: [Knee]
    package let objective: Objective
    /// The name that the stages' recordings have in common.
    package let measurement: String
    package let environment: RunRecord.Environment
    /// Scenario seconds in a real one.
    package let speed: Double

    package init(
        _ plan: CapacityPlan, knees: [Knee], objective: Objective, measurement: String,
        environment: RunRecord.Environment, speed: Double
    ) {
        self.plan = plan
        self.knees = knees
        self.objective = objective
        self.measurement = measurement
        self.environment = environment
        self.speed = speed
    }

    /// Ends in a newline.
    package func text(_ style: Style = .plain, width: Int = 100) -> String {
        Part.allCases.map(section).text(style, width: width)
    }

    /// In the order of a terminal's report: what was measured first, as everything else follows from it.
    enum Part: String, CaseIterable {
        case measured = "Measured"
        case stages = "Stages"
        case law = "Scaling law"
        case bottleneck = "Bottleneck"
        case scalingOut = "Scaling out"
        case tasks = "Tasks"
        case demand = "Demand"
        case document = "The document"
        case cost = "Cost of a month"
        case savings = "What would save"
    }

    func section(_ part: Part) -> Section {
        let blocks =
            switch part {
            case .measured: measured
            case .stages: stages
            case .law: law
            case .bottleneck: bottlenecks
            case .scalingOut: scalingOut
            case .tasks: tasks
            case .demand: demand
            case .document: findings
            case .cost: CapacityCosts.blocks(plan)
            case .savings: CapacityCosts.savings(plan)
            }
        return Section(part.rawValue, blocks)
    }

    private var service: String { plan.service.name }

    // MARK: Measured

    private var measured: [Block] {
        var table = Table([.left, .left])
        table.row(["system", plan.system.name])
        table.row(["service", "\(service), \(Self.limits(plan.service.tasks))"])
        table.row(["carried", objective.words])
        environment.rows(of: &table)
        table.row(["speed", Wording.number(speed)])
        table.row(["stages", "\(measurement): loadchaos runs has each"])
        return [.table(table)]
    }

    private static func limits(_ tasks: ClosedRange<Int>) -> String {
        tasks.count == 1
            ? Wording.plural(tasks.lowerBound, "task") : "\(tasks.lowerBound) to \(tasks.upperBound) tasks"
    }

    private var stages: [Block] {
        var table = Table([.right, .right, .left, .right, .right, .right, .right, .left])
        table.header(["tasks", "rate", "", "p50", "p95", "errors", "CPU", "run"])
        for stage in knees.flatMap(\.stages) {
            table.row([
                Table.Cell("\(stage.tasks)"), Table.Cell(Wording.rate(stage.rate)),
                Self.outcome(stage.outcome),
                Table.Cell(Self.milliseconds(stage.p50)), Table.Cell(Self.milliseconds(stage.p95)),
                Table.Cell(Wording.percent(stage.errorRate)),
                Table.Cell(stage.cpu[service].map { Self.percent($0) } ?? "-"), Table.Cell(stage.run),
            ])
        }
        return [.table(table)]
    }

    /// `flask-app on 2 tasks, 160/s: carried, p95 23ms, CPU 71%`
    package static func line(_ stage: Stage) -> String {
        let why =
            switch stage.outcome {
            case .met, .missed: ""
            case .invalid(let why), .generator(let why): ": \(why)"
            }
        let cpu = stage.cpu[stage.service].map { ", CPU \(percent($0))" } ?? ""
        return "\(stage.service) on \(Wording.plural(stage.tasks, "task")), \(Wording.rate(stage.rate)): "
            + "\(outcome(stage.outcome).text), p95 \(milliseconds(stage.p95))\(cpu)\(why)"
    }

    private static func outcome(_ outcome: Stage.Outcome) -> Table.Cell {
        switch outcome {
        case .met: Table.Cell("carried", .green)
        case .missed: Table.Cell("not carried", .red)
        case .invalid: Table.Cell("tells nothing", .yellow)
        case .generator: Table.Cell("generator", .yellow)
        }
    }

    static func milliseconds(_ value: Double?) -> String {
        Wording.duration(value.map { .seconds($0 / 1e3) })
    }

    static func percent(_ fraction: Double) -> String { Wording.percent((fraction * 100).rounded() / 100) }

    // MARK: The law

    private var law: [Block] {
        let model = plan.model
        var table = Table([.left, .right, .left])
        table.row([
            "one task alone", Wording.rate(model.law.perTask), Self.spread(model.perTask, Wording.rate),
        ])
        for (name, value, interval, least) in [
            ("contention σ", model.law.contention, model.contention, 2),
            ("coherency κ", model.law.coherency, model.coherency, 3),
        ] {
            let isKnown = model.measured.count >= least
            table.row([
                name, isKnown ? Wording.percent(value) : "-",
                isKnown ? Self.spread(interval, Wording.percent) : "not known of so few numbers of tasks",
            ])
        }
        var blocks: [Block] = [.table(table)]
        switch model.measured.count {
        case 1: blocks.append(.note("one number of tasks was measured: more are taken to carry as much each"))
        case 2: blocks.append(.note("two numbers of tasks were measured: they show no coherency"))
        default: break
        }
        if let peak = model.law.peak {
            blocks.append(
                .note("more than \(Wording.number(peak.rounded(.down))) tasks carry less, not more"))
        }
        return blocks
    }

    private static func spread(_ interval: Interval, _ words: (Double) -> String) -> String {
        "95% interval \(words(interval.low)) to \(words(interval.high))"
    }

    private var bottlenecks: [Block] {
        var table = Table([.left, .left])
        for knee in knees {
            let words = knee.doubt == nil ? Self.words(Bottleneck.find(knee)) : "unknown: \(knee.doubt ?? "")"
            table.row([Wording.plural(knee.tasks, "task"), words])
        }
        return [.table(table)]
    }

    package static func words(_ bottleneck: Bottleneck) -> String {
        switch bottleneck {
        case .cpu(let service, let used): "the CPU of \(service): \(percent(used)) used at the knee"
        case .hop(let name, let light, let loaded):
            "\(name): p99 \(milliseconds(light)) with little load, \(milliseconds(loaded)) at the knee, and no "
                + "CPU was used up"
        case .unknown(let why): "unknown: \(why)"
        }
    }

    private var scalingOut: [Block] {
        guard let surge = plan.surge else { return [.note("not measured")] }
        var table = Table([.left, .left])
        let resolution = " (resolution \(Self.seconds(surge.resolution)))"
        table.row(["decided", surge.decided.map { Self.seconds($0) + resolution } ?? "not within the stage"])
        table.row([
            "one more task serves",
            surge.served.map { Self.seconds($0) + resolution } ?? "not within the stage",
        ])
        table.row(["run", surge.run])
        var blocks: [Block] = [.table(table)]
        if let steepest = plan.steepest {
            blocks.append(
                .note(
                    "one task after the other keeps up with \(Wording.number(steepest)) requests/s more every second; "
                        + "a steeper ramp needs tasks that wait for it"))
        }
        return blocks
    }

    static func seconds(_ value: Double) -> String { Wording.seconds(.seconds(value.rounded())) }

    // MARK: The plan

    /// From 1 to the limit, or to what the demand needs if that is not much more.
    var taskCounts: [Int] {
        let largest = plan.service.tasks.upperBound
        let needed = plan.demand.flatMap { plan.need($0).tasks } ?? largest
        return Array(1...max(largest, min(needed, largest + 8)))
    }

    private var tasks: [Block] {
        let largest = plan.service.tasks.upperBound
        var table = Table([.right, .right, .right, .right, .left])
        table.header(["tasks", "carry", "at \(Self.percent(plan.target))", "with a zone lost", ""])
        for count in taskCounts {
            let capacity = plan.model.capacity(count)
            var remarks: [String] = []
            if !plan.model.measured.contains(count) {
                remarks.append(plan.model.isExtrapolated(count) ? "extrapolated" : "by the law")
            }
            if count > largest { remarks.append("beyond the limit of \(largest)") }
            table.row([
                "\(count)", "\(Self.rate(capacity.low)) to \(Self.rate(capacity.high))",
                Self.rate(plan.roomy(count)), Self.rate(plan.survived(count)),
                remarks.joined(separator: ", "),
            ])
        }
        return [.table(table)]
    }

    private static func rate(_ value: Double) -> String { Wording.rate(value.rounded()) }

    private var demand: [Block] {
        let limit = plan.service.tasks.upperBound
        var table = Table([.left, .left])
        table.row([
            "\(limit) tasks, the limit",
            "serve \(Self.rate(plan.most.roomy)) at \(Self.percent(plan.target)) of what they carry, "
                + "\(Self.rate(plan.most.survived)) with a zone lost",
        ])
        guard let demand = plan.demand else {
            return [.table(table), .note("give --demand, --growth or --traffic for a plan")]
        }
        let need = plan.need(demand)
        table.row(["busiest time", Self.rate(demand)])
        table.row([
            Table.Cell("tasks at \(Self.percent(plan.target))"), Self.count(need.atTarget, limit: limit),
        ])
        table.row([Table.Cell("tasks if a zone is lost then"), Self.count(need.withoutZone, limit: limit)])
        if let growth = plan.growth {
            table.row(["growth", "\(Wording.percent(growth.perMonth)) a month"])
            for (name, most) in [
                ("the limit is full", plan.most.roomy), ("a lost zone is too much", plan.most.survived),
            ] {
                guard let crossing = plan.crossing(most) else { continue }
                let months = Wording.number((crossing.months * 10).rounded() / 10)
                table.row([
                    name, crossing.months == 0 ? "already" : "\(Self.day(crossing.day)), in \(months) months",
                ])
            }
        }
        return [.table(table)] + ramp
    }

    private static func count(_ tasks: Int?, limit: Int) -> Table.Cell {
        guard let tasks else { return Table.Cell("no number of tasks carries it", .red) }
        return tasks > limit
            ? Table.Cell("\(tasks), over the limit of \(limit)", .red) : Table.Cell("\(tasks)")
    }

    private var ramp: [Block] {
        guard let traffic = plan.traffic else { return [] }
        guard let ramp = plan.ramp else {
            return plan.surge?.served == nil
                ? [.note("whether scaling keeps up is unknown: how long it takes was not measured")]
                : [.note("the traffic never grows within the time that scaling takes")]
        }
        let into = ramp.time - (traffic.points.first?.time ?? 0)
        let words =
            "steepest: from \(Self.rate(ramp.before)) to \(Self.rate(ramp.after)) within the \(Self.seconds(ramp.lag)) "
            + "that one more task takes, \(Self.seconds(into)) into the traffic"
        let needed = Self.percent(ramp.needed)
        return [
            .note(words),
            ramp.needed >= plan.target
                ? .line(
                    "Autoscaling at \(Self.percent(plan.target)) keeps up: it may be as late as \(needed)",
                    .green)
                : .line(
                    "Autoscaling at \(Self.percent(plan.target)) is too late: tasks may be \(needed) full at most",
                    .red),
        ]
    }

    /// What of the document's own rules and figures does not go together with what was measured.
    private var findings: [Block] {
        plan.findings.map { finding in
            switch finding {
            case .flapping(let tasks, let rates, let out, let back, let safe):
                .note(
                    "from \(Self.rate(rates.low)) to \(Self.rate(rates.high)) \(tasks) tasks are over "
                        + "\(Self.percent(out)) and \(tasks + 1) under \(Self.percent(back)): the service goes to "
                        + "and fro; removing a task below \(Self.percent(safe)) would end that")
            case .zone(let serves, let survives):
                .note(
                    "its limits serve \(Self.rate(serves)), and \(Self.rate(survives)) when a zone is lost: what is "
                        + "between the two does not survive one")
            case .cost(let stated, let priced):
                .note(
                    "a month at rest is stated as \(CapacityCosts.dollars(stated)) and priced at "
                        + "\(CapacityCosts.dollars(priced))")
            }
        }
    }

    static func day(_ date: Date) -> String {
        date.formatted(.iso8601.year().month().day())
    }
}
