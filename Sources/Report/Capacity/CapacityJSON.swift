import Capacity
import Foundation
import Plan

/// A capacity plan as JSON, for machines. Keys are never renamed or removed, only added; docs/capacity.md has them.
enum CapacityJSON {
    static func text(_ report: CapacityReport) throws -> String { try JSONText.of(Document(report)) + "\n" }

    struct Range: Encodable {
        var low: Double
        var high: Double

        init(_ interval: Interval) { (low, high) = (interval.low, interval.high) }
    }

    struct Document: Encodable {
        var measurement: String
        var system: String
        var service: String
        var objective: String
        var stages: [StageRow]
        var knees: [KneeRow]
        var law: Law
        @Nullable var scaleOutDecidedS: Double?
        @Nullable var scaleOutServedS: Double?
        var target: Double
        var tasks: [TaskRow]
        @Nullable var demand: Double?
        @Nullable var tasksAtTarget: Int?
        @Nullable var tasksWithoutZone: Int?
        var limit: Int
        var limitServes: Double
        var limitServesWithoutZone: Double
        @Nullable var limitFullOn: String?
        @Nullable var zoneTooMuchOn: String?
        @Nullable var rampNeedsUtilization: Double?
        @Nullable var pricesAsOf: String?
        var costs: [CostRow]
        var savings: [SavingRow]

        init(_ report: CapacityReport) {
            let plan = report.plan
            measurement = report.measurement
            system = plan.system.name
            service = plan.service.name
            objective = report.objective.words
            stages = report.knees.flatMap(\.stages).map(StageRow.init)
            knees = report.knees.map(KneeRow.init)
            law = Law(plan.model)
            (scaleOutDecidedS, scaleOutServedS) = (plan.surge?.decided, plan.surge?.served)
            target = plan.target
            tasks = report.taskCounts.map { TaskRow($0, plan) }
            demand = plan.demand
            let need = plan.demand.map(plan.need)
            (tasksAtTarget, tasksWithoutZone) = (need?.atTarget, need?.withoutZone)
            limit = plan.service.tasks.upperBound
            (limitServes, limitServesWithoutZone) = plan.most
            limitFullOn = plan.crossing(plan.most.roomy).map { CapacityReport.day($0.day) }
            zoneTooMuchOn = plan.crossing(plan.most.survived).map { CapacityReport.day($0.day) }
            rampNeedsUtilization = plan.ramp?.needed
            pricesAsOf = plan.cost.map { "\($0.prices.region) \($0.prices.asOf)" }
            costs = (plan.cost?.lines ?? []).enumerated().map { place, line in
                CostRow(line, planned: plan.plannedCost?.lines[place].priced ?? line.priced)
            }
            savings = plan.savings.map(SavingRow.init)
        }
    }

    struct CostRow: Encodable {
        var name: String
        var stated: Double
        @Nullable var atRest: Double?
        @Nullable var planned: Double?
        var reckoning: String
        var difference: String

        init(_ line: MonthlyCost.Line, planned: Double?) {
            (name, stated, atRest) = (line.name, line.stated, line.priced)
            (reckoning, difference, self.planned) = (line.reckoning, line.difference, planned)
        }
    }

    struct SavingRow: Encodable {
        var name: String
        @Nullable var monthly: Double?
        var price: String

        init(_ saving: Saving) { (name, monthly, price) = (saving.name, saving.monthly, saving.price) }
    }

    struct StageRow: Encodable {
        var run: String
        var tasks: Int
        var rate: Double
        var outcome: String
        @Nullable var reason: String?
        @Nullable var p50Ms: Double?
        @Nullable var p95Ms: Double?
        @Nullable var p99Ms: Double?
        var errorRate: Double
        var throughputPerSecond: Double
        var cpu: [String: Double]
        var hopsP95Ms: [String: Double]
        var hopsP99Ms: [String: Double]

        init(_ stage: Stage) {
            (run, tasks, rate) = (stage.run, stage.tasks, stage.rate)
            (outcome, reason) =
                switch stage.outcome {
                case .met: ("met", nil)
                case .missed: ("missed", nil)
                case .invalid(let why): ("invalid", why)
                case .generator(let why): ("generator", why)
                }
            (p50Ms, p95Ms, p99Ms) = (stage.p50, stage.p95, stage.p99)
            (errorRate, throughputPerSecond, cpu) = (stage.errorRate, stage.throughput, stage.cpu)
            hopsP95Ms = Dictionary(stage.hops.map { ($0.name, $0.p95) }, uniquingKeysWith: { $1 })
            hopsP99Ms = Dictionary(stage.hops.map { ($0.name, $0.p99) }, uniquingKeysWith: { $1 })
        }
    }

    struct KneeRow: Encodable {
        var tasks: Int
        @Nullable var rate: Range?
        @Nullable var doubt: String?
        var bottleneck: String

        init(_ knee: Knee) {
            tasks = knee.tasks
            rate = knee.rate.map(Range.init)
            doubt = knee.doubt
            bottleneck = CapacityReport.words(Bottleneck.find(knee))
        }
    }

    struct Law: Encodable {
        var perTask: Double
        var perTaskRange: Range
        var contention: Double
        var contentionRange: Range
        var coherency: Double
        var coherencyRange: Range

        init(_ model: CapacityModel) {
            (perTask, perTaskRange) = (model.law.perTask, Range(model.perTask))
            (contention, contentionRange) = (model.law.contention, Range(model.contention))
            (coherency, coherencyRange) = (model.law.coherency, Range(model.coherency))
        }
    }

    struct TaskRow: Encodable {
        var tasks: Int
        var carries: Range
        var servesAtTarget: Double
        var servesWithoutZone: Double
        var measured: Bool

        init(_ count: Int, _ plan: CapacityPlan) {
            tasks = count
            carries = Range(plan.model.capacity(count))
            (servesAtTarget, servesWithoutZone) = (plan.roomy(count), plan.survived(count))
            measured = plan.model.measured.contains(count)
        }
    }
}

extension CapacityReport {
    package func json() throws -> String { try CapacityJSON.text(self) }
}
