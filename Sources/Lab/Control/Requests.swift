/// What API requests ask of the control plane.
extension ControlPlane {
    /// The cluster as it is now.
    var snapshot: (ClusterState, VirtualNetwork) { (state, network) }

    func stopTask(_ id: TaskID, reason: String) async -> ECSTask? {
        guard state.task(id) != nil else { return nil }
        stop([id], .user(reason: reason))
        await pass()
        return state.task(id)
    }

    /// Nil leaves a setting as it is. `rollout` is what the service's tasks are to be from now on.
    func updateService(
        _ name: String, desiredCount: Int? = nil, minimumHealthyPercent: Int? = nil,
        maximumPercent: Int? = nil,
        breaker: CircuitBreaker? = nil, rollout: RolloutRequest? = nil
    ) async -> ECSService? {
        state.update(service: name) {
            if let desiredCount, desiredCount != $0.desiredCount {
                $0.desiredCount = desiredCount
                $0.isSteady = false
            }
            $0.minimumHealthyPercent = minimumHealthyPercent ?? $0.minimumHealthyPercent
            $0.maximumPercent = maximumPercent ?? $0.maximumPercent
            $0.breaker = breaker ?? $0.breaker
        }
        if let rollout { deploy(name, rollout) }
        await pass()
        return state.service(name)
    }

    /// All of the change or nothing of it. False: there is no such service.
    func changeTags(
        of name: String, _ change: @Sendable (inout TagSet) throws(NetworkError) -> Void
    ) throws(NetworkError) -> Bool {
        guard let service = state.service(name) else { return false }
        var tags = service.tags ?? TagSet(ResourceTags.standard(project: settings.project))
        try change(&tags)
        state.update(service: name) { $0.tags = tags }
        return true
    }

    /// Takes targets out of the balancer; their tasks stay. Strangers are passed over.
    func deregisterTargets(_ wanted: [(address: String, port: Int?)]) async {
        for (address, port) in wanted {
            guard
                let index = state.targets.firstIndex(where: {
                    $0.address == address && (port == nil || $0.port == port) && $0.drainingSince == nil
                })
            else { continue }
            let target = state.targets[index]
            state.targets[index].drainingSince = clock.now
            begin { [self] in
                do { try await dataPlane.drain(target: target.address, port: target.port) } catch {
                    complain("a target does not drain", about: target.address, error)
                }
            }
        }
    }

    /// Makes a running task a target again that has been taken out; it goes through its checks anew.
    func register(_ task: ECSTask, port: Int) async throws {
        if let target = state.target(of: task) {
            guard target.drainingSince != nil else { return }
            state.targets.removeAll { $0.task == task.id }
            try await dataPlane.deregister(target: target.address, port: target.port)
        }
        try await dataPlane.register(target: task.address, port: port)
        state.targets.append(
            BalancerTarget(task: task.id, address: task.address, port: port, zone: task.zone))
    }

    /// Every target with what the balancer sees of it now. Throws when the balancer does not answer.
    func targetHealth() async throws -> [TargetHealth] {
        let readings = try await dataPlane.targetReadings()
        return state.targets.map { target in
            let reading = readings.first { $0.address == target.address && $0.port == target.port }
            return TargetHealth(target, reading)
        }
    }

    /// Changes the network; returns when the machine obeys it.
    func changeNetwork<Result: Sendable>(
        _ change: @Sendable (inout VirtualNetwork) throws(NetworkError) -> Result
    ) async throws -> Result {
        // All of the change or nothing of it.
        var changed = network
        let result = try change(&changed)
        network = changed
        try await enforceNetwork()
        return result
    }

    func enforceNetwork() async throws {
        let previous = enforcement
        let next = Task {
            // Its error went to its own caller.
            _ = await previous?.result
            let wanted = network.policy
            guard wanted != enforced else { return }
            try await dataPlane.enforce(wanted)
            enforced = wanted
        }
        enforcement = next
        defer { if enforcement == next { enforcement = nil } }
        try await next.value
    }
}
