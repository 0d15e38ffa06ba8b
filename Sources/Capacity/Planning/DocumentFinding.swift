import Plan

/// Something about the document's own rules and figures that does not go together with what was measured.
package enum DocumentFinding: Hashable, Sendable {
    /// A load at which `tasks` are over the bound for one more, and one more are under the bound for one less: the
    /// service goes to and fro. Rates in requests a second; CPU 0…1. `safe`: a bound for one less that ends it.
    case flapping(tasks: Int, rates: Interval, out: Double, back: Double, safe: Double)
    /// The limits serve more than is left of them when a zone is lost.
    case zone(serves: Double, survives: Double)
    /// A month at rest, in US dollars, by more than a figure's nearness.
    case cost(stated: Double, priced: Double)
}

extension CapacityPlan {
    /// The CPU at which a task carries what it carries at the most is all of it; loads in between are in proportion.
    package var findings: [DocumentFinding] {
        var found: [DocumentFinding] = []
        let rule = ScalingRule(service.name, system)
        if let out = rule.out?.cpu, let back = rule.back?.cpu {
            for tasks in service.tasks.dropLast() {
                let (few, many) = (model.capacity(tasks).middle, model.capacity(tasks + 1).middle)
                let (low, high) = (out * few, back * many)
                guard low < high else { continue }
                found.append(
                    .flapping(
                        tasks: tasks, rates: Interval(low, min(high, few)), out: out, back: back,
                        safe: out * few / many))
            }
        }
        if most.survived < most.roomy, zones > 1 {
            found.append(.zone(serves: most.roomy, survives: most.survived))
        }
        if let cost, !MonthlyCost.isNear(cost.priced, cost.stated) {
            found.append(.cost(stated: cost.stated, priced: cost.priced))
        }
        return found
    }
}
