import Plan
import Scenario

/// A file that is to be acted on: what it says, or its findings on stderr and exit code 65.
enum ScenarioFile {
    static func plan(at path: String) throws -> Plan {
        try valid(Scenario.load(path: path), path)
    }

    static func system(at path: String) throws -> System { try valid(Scenario.loadSystem(path: path), path) }

    private static func valid<Value>(_ reading: Reading<Value>, _ path: String) throws -> Value {
        for finding in reading.findings.prefix(Check.findingsShown) { Terminal.note("\(finding)") }
        guard let value = reading.value, reading.errors == 0 else {
            throw CommandProblem(.badScenario, "\(path) cannot be used; nothing was started")
        }
        return value
    }
}
