import Fuzzing
import Scenario

/// Any text is read to its end: a Plan or a System exactly if there is no error, and a layout that stays as it is.
@main struct FuzzScenario {
    static func main() {
        fuzz { bytes, count in
            FuzzScenario.check(UnsafeBufferPointer(start: bytes, count: count))
            return 0
        }
    }

    static func check(_ bytes: UnsafeBufferPointer<UInt8>) {
        let text = String(decoding: bytes, as: UTF8.self)
        let scenario = Scenario.parse(text: text, file: "f.scn") { _ in .success(system) }
        check(scenario.findings, scenario.value != nil)
        let description = Scenario.parseSystem(text: text, file: "f.system")
        check(description.findings, description.value != nil)
        let formatted = Scenario.format(text)
        precondition(Scenario.format(formatted) == formatted, "the layout changes again")
    }

    static func check(_ findings: [Finding], _ hasValue: Bool) {
        precondition(
            findings.contains { $0.severity == .error } != hasValue,
            "a value in spite of an error, or neither")
        for finding in findings.prefix(20) { precondition(!finding.description.isEmpty) }
    }

    /// What scenarios with a `use` are read with: the one that the shipped scenarios use.
    static let system: String = {
        switch Scenario.text(path: "scenarios/ecs-microservices.system", shownAs: "the system") {
        case .success(let text): return text
        case .failure(let finding): preconditionFailure("started elsewhere than at the top: \(finding)")
        }
    }()
}
