/// What a service is asked to run from now on. Nil leaves a setting as it is.
struct RolloutRequest: Hashable, Sendable {
    var definition: RevisionID?
    var network: TaskNetwork?
    /// A new deployment even if nothing differs: `forceNewDeployment`.
    var isForced = false
}

/// Deployments: how one begins, is completed, fails, and is rolled back.
extension ControlPlane {
    /// Begins a deployment, unless the primary one is just that already.
    func deploy(_ name: String, _ request: RolloutRequest) {
        guard let service = state.service(name) else { return }
        let definition = request.definition ?? service.primary.definition
        let network = request.network ?? service.primary.network
        guard
            request.isForced || definition != service.primary.definition || network != service.primary.network
        else { return }
        begin(name, definition, network, isRollback: false)
    }

    private func begin(_ name: String, _ definition: RevisionID, _ network: TaskNetwork, isRollback: Bool) {
        let deployment = Deployment(
            id: ids.deployment(), definition: definition, network: network, createdAt: clock.now,
            updatedAt: clock.now, isRollback: isRollback)
        state.update(service: name) {
            if !isRollback { $0.begins(deployment) }
            $0.deployments.insert(deployment, at: 0)
            $0.isSteady = false
            // Whatever kept the last one's tasks from starting need not hold for these.
            $0.failedLaunches = 0
            $0.launchNotBefore = .zero
        }
    }

    func reachSteadyState(_ name: String) {
        guard let service = state.service(name) else { return }
        if service.primary.rollout == .inProgress {
            log(name, "(deployment \(service.primary.id)) deployment completed.")
        }
        state.update(service: name) {
            $0.isSteady = true
            guard $0.primary.rollout != .failed else { return }
            $0.deployments[0].rollout = .completed
            $0.deployments[0].reason = nil
            $0.deployments[0].updatedAt = clock.now
            $0.lastCompleted = $0.deployments[0]
            $0.completes(at: clock.now)
        }
        log(name, "has reached a steady state.")
    }

    /// Counts a task against its deployment, if that is still in progress: only then does the circuit breaker look.
    func count(_ task: ECSTask, failedBy cause: StopCause) {
        switch cause {
        case .user, .scaling, .spotInterruption: return
        case .exited, .failedToStart, .cannotPrepare, .failedContainerHealth, .failedTargetHealth: break
        }
        state.update(service: task.service) {
            guard let index = $0.deployments.firstIndex(where: { $0.id == task.deployment }),
                $0.deployments[index].rollout == .inProgress
            else { return }
            $0.deployments[index].failedTasks += 1
            $0.deployments[index].updatedAt = clock.now
            $0.countsFailure(of: task.deployment, at: clock.now)
        }
    }

    /// The circuit breaker opens. A deployment that replaced one which had completed is rolled back to it: that one is
    /// taken up again with the tasks it still has, or started anew when it has gone.
    func fail(_ name: String) {
        guard let service = state.service(name), service.primary.rollout == .inProgress else { return }
        log(name, "(deployment \(service.primary.id)) deployment failed: tasks failed to start.")
        let reason = "ECS deployment circuit breaker: tasks failed to start."
        state.update(service: name) {
            $0.deployments[0].rollout = .failed
            $0.deployments[0].reason = reason
            $0.deployments[0].updatedAt = clock.now
        }
        guard service.breaker.rollsBack, !service.primary.isRollback, let good = service.lastCompleted else {
            state.update(service: name) { $0.fails(rollingBackTo: nil, reason, at: clock.now) }
            return
        }
        if let index = service.deployments.firstIndex(where: { $0.id == good.id }) {
            state.update(service: name) {
                var again = $0.deployments.remove(at: index)
                again.rollout = .inProgress
                again.isRollback = true
                $0.deployments.insert(again, at: 0)
                $0.failedLaunches = 0
                $0.launchNotBefore = .zero
            }
        } else {
            begin(name, good.definition, good.network, isRollback: true)
        }
        guard let primary = state.service(name)?.primary else { return }
        let plan = "ECS deployment circuit breaker: rolling back to deploymentId \(primary.id)."
        state.update(service: name) {
            $0.isSteady = false
            $0.deployments[0].reason = plan
            $0.fails(rollingBackTo: good.id, plan, at: clock.now)
        }
        log(name, "rolling back to deployment \(primary.id).")
    }

    func retire(_ name: String, _ deployment: String) {
        guard state.service(name)?.primary.id != deployment else { return }
        state.update(service: name) { $0.deployments.removeAll { $0.id == deployment } }
    }
}
