package import History
import Plan

/// Whether two runs can be compared: the same load on the same kind of platform, measured by the same program.
package enum Likeness {
    /// What keeps `run` from being compared with `other`, one line each; empty: nothing.
    package static func differences(of run: RunRecord, from other: RunRecord) -> [String] {
        var lines: [String] = []
        func same<Value: Equatable>(_ what: String, _ value: Value, _ otherValue: Value) {
            if value != otherValue { lines.append("\(what): \(value), not \(otherValue)") }
        }
        same("scenario", run.plan.name, other.plan.name)
        same("speed", run.plan.speed, other.plan.speed)
        if run.plan.streams != other.plan.streams || run.plan.requests != other.plan.requests
            || run.plan.transport != other.plan.transport
        {
            lines.append("load: other phases, rates or requests")
        }
        if run.plan.faults != other.plan.faults { lines.append("chaos: other faults or times") }
        if run.plan.probes != other.plan.probes { lines.append("probes: others, or at other times") }
        same("platform", run.environment.platform, other.environment.platform)
        same("lab mode", run.environment.labMode ?? "none", other.environment.labMode ?? "none")
        same("machine", run.environment.host, other.environment.host)
        same("kernel", run.environment.kernel, other.environment.kernel)
        same("processors", run.environment.processors, other.environment.processors)
        same("loadchaos", run.version, other.version)
        return lines
    }
}
