/// FIS's experiments, as far as the lab has them: each takes the Spot capacity of one task back, and is over at once.
actor ExperimentControl {
    struct Experiment: Sendable {
        let id: String
        let template: ExperimentTemplate
        let token: String
        let at: Duration
        /// Nil: no task was fit.
        let task: TaskID?
    }

    private var ids: ResourceIDs
    private(set) var experiments: [Experiment] = []

    init(seed: UInt64) { ids = ResourceIDs(seed: seed &+ 3) }

    /// Runs the template once, on the first fit task by id. The same token again answers with the same experiment.
    func start(_ template: ExperimentTemplate, token: String, on control: ControlPlane) async -> Experiment {
        if !token.isEmpty, let known = experiments.first(where: { $0.token == token }) { return known }
        let fit = await control.state.wanted(template.service)
            .filter { $0.status == .running && $0.capacityProvider == .spot }.map(\.id)
        var victim: TaskID?
        for id in fit.sorted(by: { $0.description < $1.description }) where await control.interruptSpot(id) {
            victim = id
            break
        }
        let experiment = Experiment(
            id: "EXP" + ids.hex(17), template: template, token: token, at: control.clock.now, task: victim)
        experiments.append(experiment)
        if experiments.count > 100 { experiments.removeFirst() }
        return experiment
    }
}

/// What an experiment does: the lab has one template for each service with tasks on Spot.
struct ExperimentTemplate: Hashable, Sendable {
    let service: String

    /// AWS has no such action: Fargate Spot tasks are interrupted by AWS alone.
    static let action = "loadchaos:ecs:send-spot-task-interruption"

    var id: String { "EXTspot" + service.filter(\.isLetter) }
}
