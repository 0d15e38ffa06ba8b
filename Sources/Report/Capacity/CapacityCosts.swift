import Capacity
import Foundation
import Plan
import Verdict

/// What a month costs, for people.
enum CapacityCosts {
    static func blocks(_ plan: CapacityPlan) -> [Block] {
        if plan.system.costs.isEmpty { return [] }
        guard let cost = plan.cost else {
            return [.note("no prices of \(plan.system.region) are known; the system states what it costs")]
        }
        let planned = plan.plannedCost
        var table = Table([.left, .right, .right] + (planned == nil ? [] : [.right]) + [.left])
        let tasks = Wording.plural(plan.paidTasks, "task")
        table.header(["", "stated", "at rest"] + (planned == nil ? [] : [tasks]) + [""])
        for (place, line) in cost.lines.enumerated() {
            let words = [line.reckoning, line.difference].filter { !$0.isEmpty }.joined(separator: "; ")
            let more = planned.map { [$0.lines[place].priced.map(dollars) ?? "-"] } ?? []
            table.row([line.name, dollars(line.stated), line.priced.map(dollars) ?? "-"] + more + [words])
        }
        let more = planned.map { [dollars($0.priced)] } ?? []
        table.row(["in all", dollars(cost.stated), dollars(cost.priced)] + more + [remark(cost)])
        let prices =
            "prices of \(cost.prices.region) as of \(cost.prices.asOf), on demand, 730 hours"
            + (planned == nil
                ? "" : "; \(tasks) of \(plan.service.name) for the demand, other services at rest")
        return [.table(table), .note(prices)] + cost.prices.remarks.map(Block.note)
    }

    private static func remark(_ cost: MonthlyCost) -> String {
        let difference = cost.priced - cost.stated
        return "\(dollars(abs(difference))) \(difference < 0 ? "less" : "more") than stated at rest"
    }

    static func savings(_ plan: CapacityPlan) -> [Block] {
        let savings = plan.savings
        if savings.isEmpty { return [] }
        var table = Table([.left, .right, .left])
        table.header(["", "a month", "for it"])
        for saving in savings.sorted(by: { ($0.monthly ?? 0) > ($1.monthly ?? 0) }) {
            table.row([saving.name, saving.monthly.map(dollars) ?? "-", saving.price])
        }
        return [.table(table)]
    }

    static func dollars(_ value: Double) -> String { "$" + String(format: "%.0f", value) }
}
