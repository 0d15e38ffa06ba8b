package import Plan
import Verdict

/// One stage of a measurement as a Plan: a rate held on a number of tasks, judged by what the system promises.
///
/// Each stage is a run like any other: recorded whole, with its own verdict.
package struct StagePlan: Hashable, Sendable {
    /// From the beginning until the tasks asked for serve, under a light load. The longer of real and scenario time:
    /// tasks start no faster for a faster clock.
    static let settling = (real: Nanoseconds.seconds(12), scenario: Nanoseconds.seconds(120))
    /// Real time at the full rate before it is measured: caches and pools fill.
    static let warmingUp = Nanoseconds.seconds(5)
    /// The longer of real and scenario time: enough requests, and some whole minutes of CloudWatch.
    static let measured = (real: Nanoseconds.seconds(20), scenario: Nanoseconds.seconds(180))
    /// Of the rate, while tasks start.
    static let lightLoad = 0.25

    /// Of one stream: requests, system, transport and speed; its load and faults are not used.
    package var scenario: Plan
    package var objective: Objective
    package var service: String
    package var tasks: Int
    /// The counts that the other services are held at, so that they do not scale in the middle of it.
    package var held: [String: Int]

    package init(
        scenario: Plan, objective: Objective, service: String, tasks: Int, held: [String: Int] = [:]
    ) {
        self.scenario = scenario
        self.objective = objective
        self.service = service
        self.tasks = tasks
        self.held = held
    }

    /// `rate` in requests a real second; a stage that confirms another is measured for twice as long.
    package func plan(rate: Double, isConfirming: Bool = false) -> Plan {
        let light = max(1, rate * Self.lightLoad)
        let measured = max(scenario.scenario(Self.measured.real), Self.measured.scenario)
        let load = LoadModel.open([
            Phase(
                .warmUp, startRate: light, endRate: light,
                duration: max(scenario.scenario(Self.settling.real), Self.settling.scenario)),
            Phase(.warmUp, startRate: rate, endRate: rate, duration: scenario.scenario(Self.warmingUp)),
            Phase(.hold, startRate: rate, endRate: rate, duration: isConfirming ? measured * 2 : measured),
        ])
        var plan = Self.bare(
            scenario, name: "\(service) on \(Wording.plural(tasks, "task")) at \(Wording.rate(rate))",
            load: load)
        plan.faults =
            Self.holds([service: tasks], for: plan.duration) + Self.holds(held, for: plan.duration)
        plan.expectations = objective.expectations
        plan.expectations.append(
            Expectation(
                text: "running tasks of \(service) = \(tasks)",
                check: .tasks(.running, service: service, .equal(tasks)), window: .measured))
        return plan
    }

    /// The scenario's requests and system under another load, with nothing done to it and nothing expected.
    static func bare(_ scenario: Plan, name: String, load: LoadModel) -> Plan {
        Plan(
            name: name, load: load, requests: scenario.requests.map(untracked), system: scenario.system,
            speed: scenario.speed, windows: scenario.windows, transport: scenario.transport,
            arrivals: scenario.streams[0].arrivals, tables: scenario.tables,
            reconnect: scenario.streams[0].reconnect, handshakes: scenario.handshakes)
    }

    static func holds(_ services: [String: Int], for duration: Nanoseconds) -> [PlannedFault] {
        services.sorted { $0.key < $1.key }.map { service, tasks in
            PlannedFault(
                name: "scale \(service) to \(Wording.plural(tasks, "task"))",
                fault: .scale(service: service, tasks: tasks),
                at: .zero, duration: duration)
        }
    }

    /// A stage looks for slowness, not for lost writes.
    private static func untracked(_ request: Request) -> Request {
        var request = request
        request.tracking = nil
        return request
    }
}
