import AWS
import Plan

extension Fault.Release {
    /// The service's task definition with the one difference that makes it this release.
    ///
    /// Only ECS's own fields are used, but for `slow`, which the document's Flask image understands.
    func apply(to content: JSONDocument, service: String, run: String) -> JSONDocument {
        var content = content
        var containers = content["containerDefinitions"]?.items ?? []
        let index = containers.firstIndex { $0["name"]?.text == service } ?? 0
        guard containers.indices.contains(index) else { return content }
        switch self {
        case .good: containers[index] = Self.setting("LOADCHAOS_RELEASE", run, in: containers[index])
        case .slow: containers[index] = Self.setting("RESPONSE_DELAY_MS", "100", in: containers[index])
        case .crashing:
            containers[index]["entryPoint"] = nil
            containers[index]["command"] = .array([.string("sh"), .string("-c"), .string("exit 1")])
        case .unhealthy:
            let quick: JSONDocument = .object(["interval": .int(10), "retries": .int(3)])
            var check = containers[index]["healthCheck"] ?? quick
            check["command"] = .array([.string("CMD-SHELL"), .string("exit 1")])
            containers[index]["healthCheck"] = check
        }
        content["containerDefinitions"] = .array(containers)
        return content
    }

    private static func setting(_ name: String, _ value: String, in container: JSONDocument) -> JSONDocument {
        var container = container
        let others = (container["environment"]?.items ?? []).filter { $0["name"]?.text != name }
        container["environment"] = .array(
            others + [.object(["name": .string(name), "value": .string(value)])])
        return container
    }

    /// In words, for the list of calls.
    var words: String {
        switch self {
        case .good: "another environment value"
        case .slow: "RESPONSE_DELAY_MS=100"
        case .crashing: "the command `sh -c \"exit 1\"`"
        case .unhealthy: "the health check `exit 1`"
        }
    }

    /// It is not meant to be completed.
    var isBad: Bool { self == .unhealthy || self == .crashing }
}
