package import Plan

/// What one way to pay less would bring, of those the document names (Cost Optimization: Optimization Strategies).
package struct Saving: Hashable, Sendable {
    package var name: String
    /// US dollars a month; nil: it cannot be reckoned.
    package var monthly: Double?
    /// What is given up, or assumed.
    package var price: String

    /// Of Fargate's price, at the most: FARGATE_SPOT's is not listed in advance.
    static let spotShare = 0.7
    /// Of what an instance costs on demand, reserved for a year without paying in advance: as AWS lists db.t3 and
    /// db.t4g in us-east-1.
    static let reservedShare = 0.29
    /// Hours of a week in which nobody works, from 60 on which somebody does.
    static let idleShare = 1 - 60.0 / 168

    package static func all(_ system: System, tasks: [String: Int], prices: PriceTable) -> [Saving] {
        let bill = Bill(system: system, tasks: tasks, balancerUnits: 1, prices: prices)
        return system.costs.flatMap { cost -> [Saving] in
            switch cost.item {
            case .natGateways(let count) where count > 1:
                let saved = (bill.price(.natGateways(count)).0 ?? 0) - (bill.price(.natGateways(1)).0 ?? 0)
                return [
                    Saving(
                        name: "one NAT gateway", monthly: saved,
                        price:
                            "losing its zone cuts every zone off the internet; traffic between zones costs $0.01/GB"
                    )
                ]
            case .database(let instance, let isMultiAZ, let storage):
                return database(instance, isMultiAZ, storage, bill)
            case .tasks:
                return [
                    Saving(
                        name: "Fargate Spot", monthly: bill.fargate * spotShare,
                        price: "at the most: 70% off; tasks are taken away with two minutes' notice"),
                    Saving(
                        name: "stop what is not production at night and on weekends",
                        monthly: (bill.fargate + (database(of: system, bill) ?? 0)) * idleShare,
                        price: "of a copy of this system that runs 60 hours of a week: tasks and database; "
                            + "storage, gateways and balancer go on"),
                ]
            case .natGateways, .balancer, .other: return []
            }
        }
    }

    private static func database(
        _ instance: String, _ isMultiAZ: Bool, _ storage: Int, _ bill: Bill
    ) -> [Saving] {
        let one = bill.price(.database(instance: instance, isMultiAZ: false, storage: storage)).0
        let whole = bill.price(.database(instance: instance, isMultiAZ: isMultiAZ, storage: storage)).0
        let hours = bill.price(.database(instance: instance, isMultiAZ: isMultiAZ, storage: 0)).0
        let single = Saving(
            name: "the database in one zone", monthly: one.flatMap { one in whole.map { $0 - one } },
            price: "losing its zone loses the database until it is restored")
        let reserved = Saving(
            name: "a reserved database for a year", monthly: hours.map { $0 * reservedShare },
            price: "bound for a year; nothing paid in advance, about 29% off the instance")
        return isMultiAZ ? [single, reserved] : [reserved]
    }

    /// Its instance, without the storage, which is paid for while it is stopped.
    private static func database(of system: System, _ bill: Bill) -> Double? {
        for cost in system.costs {
            if case .database(let instance, let isMultiAZ, _) = cost.item {
                return bill.price(.database(instance: instance, isMultiAZ: isMultiAZ, storage: 0)).0
            }
        }
        return nil
    }
}
