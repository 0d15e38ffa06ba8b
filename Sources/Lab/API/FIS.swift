import Foundation

/// AWS Fault Injection Service, as far as a template that exists can be found and run.
struct FIS {
    /// Its actions are paths, not names.
    enum Route: Hashable, Sendable {
        case listTemplates
        case template(String)
        case start
        case experiment(String)
        case resolvedTargets(String)

        init?(method: String, path: String) {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(
                String.init)
            switch (method, parts.count, parts.first) {
            case ("GET", 1, "experimentTemplates"): self = .listTemplates
            case ("GET", 2, "experimentTemplates"): self = .template(parts[1])
            case ("POST", 1, "experiments"): self = .start
            case ("GET", 2, "experiments"): self = .experiment(parts[1])
            case ("GET", 3, "experiments") where parts[2] == "resolvedTargets":
                self = .resolvedTargets(parts[1])
            default: return nil
            }
        }
    }

    let control: ControlPlane

    func answer(_ route: Route, _ body: Data) async throws(APIError) -> JSONValue {
        switch route {
        case .listTemplates:
            return ["experimentTemplates": .array(await templates.map { summary($0) })]
        case .template(let id): return ["experimentTemplate": whole(try await template(id))]
        case .start:
            let given = try JSONParameters(body)
            let template = try await template(try given.string("experimentTemplateId") ?? "")
            let experiment = await control.experiments.start(
                template, token: try given.string("clientToken") ?? "", on: control)
            return ["experiment": shape(experiment)]
        case .experiment(let id): return ["experiment": shape(try await experiment(id))]
        case .resolvedTargets(let id):
            let tasks = try await experiment(id).task.map { [$0] } ?? []
            return [
                "resolvedTargets": .array(
                    tasks.map {
                        [
                            "resourceType": "aws:ecs:task", "targetName": "tasks",
                            "targetInformation": ["taskArn": .string(control.names.task($0))],
                        ]
                    })
            ]
        }
    }

    private var templates: [ExperimentTemplate] {
        get async {
            await control.state.services.filter { $0.blueprint.capacity.contains { $0.provider == .spot } }
                .map { ExperimentTemplate(service: $0.name) }
        }
    }

    private func template(_ id: String) async throws(APIError) -> ExperimentTemplate {
        guard let template = await templates.first(where: { $0.id == id }) else {
            throw APIError("ResourceNotFoundException", "Experiment template \(id) not found", status: 404)
        }
        return template
    }

    private func experiment(_ id: String) async throws(APIError) -> ExperimentControl.Experiment {
        guard let experiment = await control.experiments.experiments.first(where: { $0.id == id }) else {
            throw APIError("ResourceNotFoundException", "Experiment \(id) not found", status: 404)
        }
        return experiment
    }

    private func arn(_ resource: String) -> JSONValue {
        .string("arn:aws:fis:\(control.settings.region):\(control.settings.account):\(resource)")
    }

    private func summary(_ template: ExperimentTemplate) -> JSONValue {
        let epoch = JSONValue.date(control.clock.origin)
        return [
            "id": .string(template.id), "arn": arn("experiment-template/\(template.id)"),
            "description": .string("Interrupt one task of \(template.service) on FARGATE_SPOT"),
            "creationTime": epoch, "lastUpdateTime": epoch,
            "tags": ["loadchaos:fault": .string("interrupt \(template.service)")],
        ]
    }

    private func whole(_ template: ExperimentTemplate) -> JSONValue {
        summary(template).adding(("targets", targets(template))).adding(("actions", actions))
            .adding(("stopConditions", [["source": "none"]]))
    }

    private func targets(_ template: ExperimentTemplate) -> JSONValue {
        let parameters: JSONValue = [
            "cluster": .string(control.names.clusterName), "service": .string(template.service),
        ]
        return [
            "tasks": ["resourceType": "aws:ecs:task", "selectionMode": "COUNT(1)", "parameters": parameters]
        ]
    }

    private var actions: JSONValue {
        ["interrupt": ["actionId": .string(ExperimentTemplate.action), "targets": ["Tasks": "tasks"]]]
    }

    private func shape(_ experiment: ExperimentControl.Experiment) -> JSONValue {
        let at = JSONValue.date(control.clock.calendar(experiment.at))
        let isDone = experiment.task != nil
        return [
            "id": .string(experiment.id), "arn": arn("experiment/\(experiment.id)"),
            "experimentTemplateId": .string(experiment.template.id),
            "state": [
                "status": isDone ? "completed" : "failed",
                "reason": isDone ? "Experiment completed." : "Target resolution returned empty set",
            ],
            "targets": targets(experiment.template), "actions": actions,
            "stopConditions": [["source": "none"]],
            "creationTime": at, "startTime": at, "endTime": at, "tags": [:],
        ]
    }
}
