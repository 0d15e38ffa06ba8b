package import History
package import Plan

/// How long autoscaling takes to have one more task serve, once the load is there.
///
/// The load goes from what the fewest tasks carry with ease to all that they carry, and stays. Nothing is held: what is
/// measured is what an alarm, a policy and a start of a task take together.
package struct Surge: Hashable, Sendable {
    /// On the scenario clock: first autoscaling may take away what earlier loads have made it add, two tasks at 300 s
    /// each; then the alarm has time to see the load and a task to start, twice over.
    static let light = Nanoseconds.seconds(840)
    static let loaded = Nanoseconds.seconds(420)
    /// Of what the fewest tasks carry.
    static let lightShare = 0.4
    static let loadedShare = 0.95

    package var run: String
    package var service: String
    /// From the load's step, on the scenario clock, in seconds; nil: it did not come.
    package var decided: Double?
    package var served: Double?
    /// How exactly the times are known, in seconds of the scenario clock.
    package var resolution: Double

    package init(run: String, service: String, decided: Double?, served: Double?, resolution: Double) {
        self.run = run
        self.service = service
        self.decided = decided
        self.served = served
        self.resolution = resolution
    }

    /// `capacity`: what the service's fewest tasks carry. `held`: the other services, as in a stage.
    package static func plan(
        _ scenario: Plan, service: String, capacity: Double, held: [String: Int]
    ) -> Plan {
        let (light, loaded) = (capacity * lightShare, capacity * loadedShare)
        var plan = StagePlan.bare(
            scenario, name: "\(service) scales out",
            load: .open([
                Phase(.warmUp, startRate: light, endRate: light, duration: Self.light),
                Phase(.hold, startRate: loaded, endRate: loaded, duration: Self.loaded),
            ]))
        plan.faults = StagePlan.holds(held, for: plan.duration)
        plan.expectations = []
        return plan
    }

    /// nil: the recording is of no surge of this service.
    package init?(_ recording: Recording, of service: String) {
        let plan = recording.run.plan
        let isHeld = plan.faults.contains { fault in
            if case .scale(service, _) = fault.fault { true } else { false }
        }
        guard !isHeld, case .open(let phases) = plan.streams[0].load, phases.count == 2,
            phases[1].kind == .hold,
            plan.system?.services.contains(where: { $0.name == service }) == true
        else { return nil }
        let step = plan.real(phases[0].duration)
        let samples = recording.platform.filter { $0.service == service }
        func since(_ at: Nanoseconds?) -> Double? { at.map { plan.scenario($0 - step).inSeconds } }
        let desired = samples.filter { $0.metric == .desiredTasks }.countOverTime
        let before = desired.last { $0.at <= step }?.value ?? 0
        // With more than the fewest there is room, and no step has to come.
        let fewest = plan.system?.services.first { $0.name == service }.map(\.tasks.lowerBound)
        let decision = before == fewest ? desired.first { $0.at > step && $0.value > before } : nil
        let served = decision.flatMap { decision in
            samples.filter { $0.metric == .healthyTasks }.countOverTime
                .first { $0.at >= decision.at && $0.value > before }
        }
        self.init(
            run: recording.run.id, service: service, decided: since(decision?.at), served: since(served?.at),
            resolution: plan.scenario(recording.run.environment.look).inSeconds)
    }
}
