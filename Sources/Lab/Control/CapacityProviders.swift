/// What a Fargate task runs on: capacity kept for it, or spare capacity that AWS may take back.
package enum CapacityProvider: String, Hashable, Sendable {
    case fargate = "FARGATE"
    case spot = "FARGATE_SPOT"
}

/// One line of a service's capacity provider strategy.
package struct CapacityProviderItem: Hashable, Sendable {
    package var provider: CapacityProvider
    /// How many tasks it gets before any weight counts; one line at most has a base.
    package var base: Int
    /// Its share of the tasks beyond the base.
    package var weight: Int

    package init(_ provider: CapacityProvider, base: Int = 0, weight: Int) {
        self.provider = provider
        self.base = base
        self.weight = weight
    }

    /// One task that nobody takes away, the others mostly on Spot: the document's way to save.
    package static let oneOnDemand = [
        CapacityProviderItem(.fargate, base: 1, weight: 1), CapacityProviderItem(.spot, weight: 3),
    ]
}

extension ClusterState {
    /// The provider of the service's next task: the base first, then whoever is furthest behind its weight.
    func nextCapacity(of service: ECSService) -> CapacityProvider? {
        let strategy = service.blueprint.capacity
        func count(_ provider: CapacityProvider) -> Int {
            wanted(service.name).count { $0.capacityProvider == provider }
        }
        if let item = strategy.first(where: { count($0.provider) < $0.base }) { return item.provider }
        func share(_ item: CapacityProviderItem) -> Double {
            Double(count(item.provider) - item.base) / Double(item.weight)
        }
        return strategy.filter { $0.weight > 0 }
            .min { (share($0), -$0.weight) < (share($1), -$1.weight) }?.provider
    }
}

extension ControlTimes {
    /// From SIGTERM to SIGKILL. A Spot task has what is left of its two minutes.
    func grace(of task: ECSTask, now: Duration) -> Duration {
        guard task.exit == nil else { return .zero }
        guard task.cause == .spotInterruption, let since = task.stoppingAt else { return stopGrace }
        return max(.zero, spotWarning - (now - since))
    }
}

extension ControlPlane {
    /// Takes a task's Spot capacity back. False if it does not run on any, or is going already.
    func interruptSpot(_ id: TaskID) async -> Bool {
        guard let task = state.task(id), task.isWanted, task.capacityProvider == .spot else { return false }
        stop([id], .spotInterruption)
        await pass()
        return true
    }
}

extension ECSShapes {
    /// A service has either a strategy or a launch type.
    func capacity(_ service: ECSService) -> (String, JSONValue) {
        let strategy = service.blueprint.capacity
        guard !strategy.isEmpty else { return ("launchType", "FARGATE") }
        let items = strategy.map { item -> JSONValue in
            [
                "capacityProvider": .string(item.provider.rawValue), "weight": .int(item.weight),
                "base": .int(item.base),
            ]
        }
        return ("capacityProviderStrategy", .array(items))
    }
}
