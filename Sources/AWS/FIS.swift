/// Fault Injection Service: finding an experiment template, running it, and what it hit.
package struct FIS: Sendable {
    let wire: Wire

    /// The templates of the first page: the signer knows no query strings, which further pages need.
    package func listExperimentTemplates() async throws(AWSError) -> [FISTemplate] {
        struct Answer: Decodable {
            struct Template: Decodable {
                var id: String
                var tags: [String: String]?
            }
            var experimentTemplates: [Template]
        }
        let answer: Answer = try await wire.rest(
            .fis, "ListExperimentTemplates", "GET", "/experimentTemplates")
        return answer.experimentTemplates.map { FISTemplate(id: $0.id, tags: $0.tags ?? [:]) }
    }

    /// Starts an experiment and returns its id. The same `token` again answers with the same experiment.
    package func startExperiment(template: String, token: String) async throws(AWSError) -> String {
        struct Input: Encodable {
            var experimentTemplateId: String
            var clientToken: String
        }
        let answer: ExperimentAnswer = try await wire.rest(
            .fis, "StartExperiment", "POST", "/experiments",
            Input(experimentTemplateId: template, clientToken: token))
        return answer.experiment.id
    }

    /// Its status (initiating, running, completed, stopped, failed…), and the reason in words.
    package func experimentStatus(_ id: String) async throws(AWSError) -> (status: String, reason: String) {
        let answer: ExperimentAnswer = try await wire.rest(.fis, "GetExperiment", "GET", "/experiments/\(id)")
        return (answer.experiment.state.status ?? "", answer.experiment.state.reason ?? "")
    }

    /// The ARNs of the tasks it resolved as its targets.
    package func resolvedTasks(_ id: String) async throws(AWSError) -> [String] {
        struct Answer: Decodable {
            struct Target: Decodable { var targetInformation: [String: String]? }
            var resolvedTargets: [Target]
        }
        let answer: Answer = try await wire.rest(
            .fis, "ListExperimentResolvedTargets", "GET", "/experiments/\(id)/resolvedTargets")
        // The name of the field differs between resource types; an ARN of a task is one whatever its name.
        return answer.resolvedTargets.flatMap { ($0.targetInformation ?? [:]).values }
            .filter { $0.hasPrefix("arn:") && $0.contains(":task/") }.sorted()
    }

    private struct ExperimentAnswer: Decodable {
        struct Experiment: Decodable {
            struct State: Decodable {
                var status: String?
                var reason: String?
            }
            var id: String
            var state: State
        }
        var experiment: Experiment
    }
}

/// An experiment template, as the list shows it.
package struct FISTemplate: Hashable, Sendable {
    package var id: String
    package var tags: [String: String]
}
