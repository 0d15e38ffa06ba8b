import Plan
import Scenario

/// A scenario that is to be played: its Plan, or its findings on stderr and exit code 65.
enum ScenarioFile {
    static func plan(at path: String) throws -> Plan {
        let reading = Scenario.load(path: path)
        for finding in reading.findings.prefix(Check.findingsShown) { Terminal.note("\(finding)") }
        guard let plan = reading.value, reading.errors == 0 else {
            throw CommandProblem(.badScenario, "\(path) cannot be played; nothing was started")
        }
        return plan
    }
}
