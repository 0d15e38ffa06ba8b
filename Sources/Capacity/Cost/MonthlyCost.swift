import Foundation
package import Plan
import Verdict

/// A month of a system by line: as the document states it, as the prices have it, and why the two differ.
package struct MonthlyCost: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package var name: String
        /// US dollars a month; `priced` is nil where no price is known.
        package var stated: Double
        package var priced: Double?
        /// Where the figure comes from: `2 × $0.056 × 730 h`.
        package var reckoning: String
        /// Why it is not what is stated; empty if it is about that.
        package var difference: String
    }

    package var lines: [Line]
    package var prices: PriceTable

    /// A figure this near to the stated one is the same.
    static let nearness = 0.05

    package var stated: Double { lines.reduce(0) { $0 + $1.stated } }
    /// What no price is known for counts as it is stated.
    package var priced: Double { lines.reduce(0) { $0 + ($1.priced ?? $1.stated) } }

    /// nil: the system states no costs, or its region's prices are not known. `tasks`: of each service; those of the
    /// system at rest where it says nothing.
    package init?(_ system: System, tasks: [String: Int] = [:], balancerUnits: Double = 1) {
        guard !system.costs.isEmpty, let prices = PriceTable.of(region: system.region) else { return nil }
        self.prices = prices
        let bill = Bill(system: system, tasks: tasks, balancerUnits: balancerUnits, prices: prices)
        lines = system.costs.map { cost in
            let (priced, reckoning) = bill.price(cost.item)
            return Line(
                name: cost.name, stated: cost.stated, priced: priced, reckoning: reckoning,
                difference: bill.difference(cost, priced))
        }
    }

    static func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= nearness * max(a, b) }
}

/// Prices what a system pays for.
struct Bill {
    let system: System
    let tasks: [String: Int]
    let balancerUnits: Double
    var prices: PriceTable

    func count(_ service: System.Service) -> Int { tasks[service.name] ?? service.tasks.lowerBound }

    var vCPUs: Double { system.services.reduce(0) { $0 + Double(count($1) * $1.cpu) / 1024 } }
    var gigabytes: Double { system.services.reduce(0) { $0 + Double(count($1) * $1.memory) / 1024 } }

    var fargate: Double {
        (vCPUs * prices.fargateVCPU + gigabytes * prices.fargateGB) * PriceTable.hoursPerMonth
    }

    /// In US dollars a month, and how it was reckoned; nil: no price is known.
    func price(_ item: System.Cost.Item) -> (Double?, String) {
        let hours = PriceTable.hoursPerMonth
        switch item {
        case .natGateways(let count):
            return (
                Double(count) * prices.natGateway * hours,
                "\(count) × $\(prices.natGateway)/h, and no traffic"
            )
        case .database(let instance, let isMultiAZ, let storage):
            guard let hourly = prices.database[instance] else {
                return (nil, "no price is known for \(instance) in \(prices.region)")
            }
            let zones = isMultiAZ ? 2.0 : 1
            let words =
                "\(isMultiAZ ? "2 × " : "")\(Self.dollars(hourly))/h, \(storage) GB at "
                + "\(Self.dollars(prices.databaseStorage * zones))/GB"
            return (zones * (hourly * hours + Double(storage) * prices.databaseStorage), words)
        case .tasks:
            return (
                fargate,
                "\(Wording.number(vCPUs)) vCPU at $\(prices.fargateVCPU)/h, \(Wording.number(gigabytes)) GB at "
                    + "$\(prices.fargateGB)/h"
            )
        case .balancer:
            return (
                (prices.balancer + balancerUnits * prices.balancerUnit) * hours,
                "$\(prices.balancer)/h, \(Wording.number(balancerUnits)) LCU at $\(prices.balancerUnit)/h"
            )
        case .other: return (nil, "as stated: images, logs, secrets and traffic are not reckoned")
        }
    }

    /// Why a price is not what the document states.
    func difference(_ cost: System.Cost, _ priced: Double?) -> String {
        guard let priced, !MonthlyCost.isNear(priced, cost.stated) else { return "" }
        for other in PriceTable.all where other.region != prices.region {
            var there = self
            there.prices = other
            if let elsewhere = there.price(cost.item).0, MonthlyCost.isNear(elsewhere, cost.stated) {
                return "the stated figure is that of \(other.region)"
            }
        }
        switch cost.item {
        case .tasks:
            let count = system.services.reduce(0) { $0 + self.count($1) }
            let paid = (cost.stated / priced * Double(count) * 100).rounded() / 100
            return "the stated figure pays for \(Wording.number(paid)) of the \(count) tasks"
        case .database(let instance, true, let storage):
            let one = price(.database(instance: instance, isMultiAZ: false, storage: storage)).0 ?? 0
            return MonthlyCost.isNear(one, cost.stated)
                ? "the stated figure is that of one zone" : ratio(priced, cost.stated)
        default: return ratio(priced, cost.stated)
        }
    }

    private func ratio(_ priced: Double, _ stated: Double) -> String {
        stated <= 0
            ? "stated as nothing"
            : "\(Int((abs(priced / stated - 1) * 100).rounded()))% \(priced > stated ? "more" : "less") than stated"
    }

    static func dollars(_ value: Double) -> String { "$" + String(format: "%.4g", value) }
}
