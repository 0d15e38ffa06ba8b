/// Targets and their health.
extension ELBv2 {
    private func targets(_ form: FormParameters) throws(APIError) -> [(address: String, port: Int?)] {
        var wanted: [(String, Int?)] = []
        for index in form.indices("Targets.member") {
            guard let id = form["Targets.member.\(index).Id"] else {
                throw APIError("ValidationError", "1 validation error detected: a target must have an Id")
            }
            wanted.append((id, try form.int("Targets.member.\(index).Port")))
        }
        return wanted
    }

    func describeTargetHealth(_ form: FormParameters) async throws(APIError) -> [XML] {
        try checkGroup(form["TargetGroupArn"])
        let wanted = try targets(form)
        let known: [TargetHealth]
        do { known = try await control.targetHealth() } catch {
            throw silent(error)
        }
        if wanted.isEmpty { return [.members("TargetHealthDescriptions", known.map(shape))] }
        let rows = wanted.map { target -> [XML] in
            let found = known.first {
                $0.address == target.address && (target.port == nil || target.port == $0.port)
            }
            if let found { return shape(found) }
            let port = target.port ?? 80
            return [
                .element("Target", [.leaf("Id", target.address), .leaf("Port", port)]),
                health("unused", "Target.NotRegistered"),
            ]
        }
        return [.members("TargetHealthDescriptions", rows)]
    }

    private func shape(_ target: TargetHealth) -> [XML] {
        [
            .element(
                "Target",
                [
                    .leaf("Id", target.address), .leaf("Port", target.port),
                    .leaf("AvailabilityZone", target.zone),
                ]),
            .leaf("HealthCheckPort", target.port), health(target.state, target.reason),
        ]
    }

    private func health(_ state: String, _ reason: String?) -> XML {
        var parts: [XML] = [.leaf("State", state)]
        if let reason {
            parts += [.leaf("Reason", reason), .leaf("Description", TargetReason.words(reason))]
        }
        return .element("TargetHealth", parts)
    }

    func deregisterTargets(_ form: FormParameters) async throws(APIError) -> [XML] {
        try checkGroup(form["TargetGroupArn"])
        await control.deregisterTargets(try someTargets(form))
        return []
    }

    private func someTargets(_ form: FormParameters) throws(APIError) -> [(address: String, port: Int?)] {
        let wanted = try targets(form)
        guard !wanted.isEmpty else {
            throw APIError(
                "ValidationError", "1 validation error detected: at least one target must be specified")
        }
        return wanted
    }

    /// Only running tasks of the balanced service can be targets: nothing else in the lab's VPC listens to a balancer.
    func registerTargets(_ form: FormParameters) async throws(APIError) -> [XML] {
        try checkGroup(form["TargetGroupArn"])
        let state = await control.state
        var found: [(ECSTask, Int)] = []
        for (address, port) in try someTargets(form) {
            let task = state.tasks.first { $0.address == address && $0.status == .running }
            guard let task, let service = state.service(task.service), service.targetGroup != nil,
                port ?? service.blueprint.port == service.blueprint.port
            else {
                throw APIError(
                    "InvalidTarget",
                    "The following targets are not running tasks of the lab's balanced service: '\(address)'")
            }
            found.append((task, service.blueprint.port))
        }
        for (task, port) in found {
            do { try await control.register(task, port: port) } catch { throw silent(error) }
        }
        return []
    }
}
