/// How a task leaves: out of the balancer, then SIGTERM, then its interface (ECS developer guide, "Task
/// lifecycle").
extension ControlPlane {
    func stop(_ ids: [TaskID], _ cause: StopCause) {
        var stopped: [TaskID] = []
        for id in ids {
            guard let task = state.task(id), task.isWanted else { continue }
            state.update(id) {
                $0.isWanted = false
                $0.cause = cause
                $0.stoppingAt = clock.now
            }
            stopped.append(id)
            state.update(service: task.service) { $0.isSteady = false }
        }
        guard cause.code == "ServiceSchedulerInitiated", let first = stopped.first,
            let task = state.task(first)
        else {
            return
        }
        let list = stopped.map { "(task \($0))" }.joined(separator: " ")
        log(task.service, "has stopped \(stopped.count) running tasks: \(list).")
    }

    func deactivate(_ id: TaskID) {
        guard let task = state.task(id) else { return }
        guard let target = state.target(of: task), target.drainingSince == nil else {
            return enter(id, .deactivating)
        }
        enter(id, .deactivating, busy: true)
        setTarget(target.address) { $0.drainingSince = clock.now }
        log(task.service, "has begun draining connections on 1 tasks.")
        log(task.service, "deregistered 1 targets in (target-group \(names.targetGroup))")
        begin { [self] in
            do { try await dataPlane.drain(target: target.address, port: target.port) } catch {
                complain("a target does not drain", about: target.address, error)
            }
            await free(id)
        }
    }

    func deregister(_ address: String, _ port: Int) {
        setTarget(address) { $0.isLeaving = true }
        begin { [self] in
            do { try await dataPlane.deregister(target: address, port: port) } catch {
                complain("a target does not leave", about: address, error)
            }
            await forgetTarget(address)
        }
    }

    func terminate(_ id: TaskID) {
        guard let task = state.task(id) else { return }
        enter(id, .stopping, busy: true)
        let grace = state.times.grace(of: task, now: clock.now)
        begin { [self] in
            await stopProcesses(id, grace: grace)
            await pass()
        }
    }

    /// Ends what is left of a task. If that fails, the task stays STOPPING and the attempt is repeated.
    func stopProcesses(_ id: TaskID, grace: Duration) async {
        do {
            try await dataPlane.stop(id, grace: grace)
            enter(id, .deprovisioning)
        } catch {
            complain("a task does not stop", about: id, error)
            enter(id, .deactivating)
        }
    }

    func finish(_ id: TaskID) {
        enter(id, .stopped)
        state.update(id) { $0.stoppedAt = clock.now }
    }

    /// A task's main process ended by itself.
    func exited(_ id: TaskID, _ how: String) async {
        guard let task = state.task(id), task.status < .stopping else { return }
        state.update(id) { $0.exit = how }
        if task.isWanted { stop([id], .exited) }
        await pass()
    }

    private func free(_ id: TaskID) { state.update(id) { $0.isBusy = false } }

    private func forgetTarget(_ address: String) { state.targets.removeAll { $0.address == address } }

    private func setTarget(_ address: String, _ change: (inout BalancerTarget) -> Void) {
        guard let index = state.targets.firstIndex(where: { $0.address == address }) else { return }
        change(&state.targets[index])
    }
}
