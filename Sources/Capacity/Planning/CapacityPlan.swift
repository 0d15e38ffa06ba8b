package import Foundation
package import Plan

/// What the measured capacity means for a demand: how many tasks, how long that lasts, and whether scaling keeps up.
package struct CapacityPlan: Hashable, Sendable {
    package var system: System
    package var service: System.Service
    package var model: CapacityModel
    /// Of a task's capacity that is to be used at most, 0…1: what is left is for the time that scaling takes.
    package var target: Double
    /// Requests a second at the busiest time; nil: nobody said.
    package var demand: Double?
    package var growth: Growth?
    package var traffic: Traffic?
    package var surge: Surge?
    package var today: Date

    package static let usualTarget = 0.7

    package init(
        system: System, service: System.Service, model: CapacityModel, target: Double = usualTarget,
        demand: Double? = nil, growth: Growth? = nil, traffic: Traffic? = nil, surge: Surge? = nil,
        today: Date
    ) {
        self.system = system
        self.service = service
        self.model = model
        self.target = target
        self.demand = demand ?? traffic?.peak
        self.growth = growth
        self.traffic = traffic
        self.surge = surge
        self.today = today
    }

    var zones: Int { max(1, system.zones.count) }

    /// What is left of so many tasks, spread evenly, when the zone with the most is lost.
    package func survivors(of tasks: Int) -> Int { tasks - (tasks + zones - 1) / zones }

    /// Requests a second that so many tasks carry and still have room to scale; by the cautious end.
    package func roomy(_ tasks: Int) -> Double { model.capacity(tasks).low * target }

    /// Requests a second that so many tasks still carry when a zone is lost.
    package func survived(_ tasks: Int) -> Double {
        let left = survivors(of: tasks)
        return left == 0 ? 0 : model.capacity(left).low
    }

    /// What the limits of the service can serve: with room to scale, and when a zone is lost.
    package var most: (roomy: Double, survived: Double) {
        (roomy(service.tasks.upperBound), survived(service.tasks.upperBound))
    }

    /// The fewest tasks for a demand; nil: no number carries it.
    package struct Need: Hashable, Sendable {
        /// At the target utilisation.
        package var atTarget: Int?
        /// When the busiest time is also the time at which a zone is lost.
        package var withoutZone: Int?
        /// For both.
        package var tasks: Int? {
            guard let atTarget, let withoutZone else { return nil }
            return max(atTarget, withoutZone)
        }
    }

    package func need(_ demand: Double) -> Need {
        Need(
            atTarget: (1...Self.mostTasks).first { roomy($0) >= demand },
            withoutZone: (1...Self.mostTasks).first { survived($0) >= demand })
    }

    private static let mostTasks = 200

    /// Tasks of the service that are paid for: what the demand needs as far as the limits go, at rest if there is none.
    package var paidTasks: Int {
        guard let demand else { return service.tasks.lowerBound }
        let needed = need(demand).tasks ?? service.tasks.upperBound
        return min(max(needed, service.tasks.lowerBound), service.tasks.upperBound)
    }

    /// A month at rest, as it is stated and as it is priced; nil: the system states no costs, or its region has no
    /// prices here.
    package var cost: MonthlyCost? { MonthlyCost(system) }

    /// The same with the tasks that the demand needs; nil: nobody said, or they are those at rest.
    package var plannedCost: MonthlyCost? {
        paidTasks == service.tasks.lowerBound ? nil : MonthlyCost(system, tasks: [service.name: paidTasks])
    }

    package var savings: [Saving] {
        PriceTable.of(region: system.region).map {
            Saving.all(system, tasks: [service.name: paidTasks], prices: $0)
        } ?? []
    }

    /// When growth takes the demand beyond what the service's limits serve; nil: no growth was given.
    package struct Crossing: Hashable, Sendable {
        package var months: Double
        package var day: Date
    }

    package func crossing(_ limit: Double) -> Crossing? {
        guard let demand, let growth, demand > 0, limit > 0 else { return nil }
        return Crossing(
            months: growth.months(from: demand, to: limit),
            day: growth.day(from: demand, to: limit, today: today))
    }

    /// The ramp that is the hardest for autoscaling, and the utilisation it would need.
    package struct Ramp: Hashable, Sendable {
        /// From the load's step until one more task serves, in seconds.
        package var lag: Double
        package var before: Double
        package var after: Double
        /// Where in the traffic, in its own seconds.
        package var time: Double
        /// Tasks must not be fuller than this before it, to carry its end before the next one serves.
        package var needed: Double { before / after }
    }

    /// nil: no lag was measured, or no traffic was given, or it never grows.
    package var ramp: Ramp? {
        guard let traffic, let lag = surge?.served, let steepest = traffic.steepest(within: lag) else {
            return nil
        }
        return Ramp(lag: lag, before: steepest.before, after: steepest.after, time: steepest.time)
    }

    /// Requests a second more, every second, that one task after the other keeps up with at the most.
    package var steepest: Double? {
        guard let lag = surge?.served, lag > 0 else { return nil }
        return model.perTask.low / lag
    }
}
