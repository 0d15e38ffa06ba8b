import ArgumentParser
import Chaos

/// `loadchaos faults`: what can be broken on purpose.
struct Faults: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the faults a scenario can inject: calls, proof, undo, permissions.")

    func run() {
        print(FaultDescription.all.map(Self.text).joined(separator: "\n\n"))
    }

    private static func text(_ fault: FaultDescription) -> String {
        let rows = [
            ("calls", fault.calls.joined(separator: "; ")), ("effect", fault.effect), ("undo", fault.undo),
            ("healed", fault.healed), ("limits", fault.limits),
            ("IAM", fault.permissions.joined(separator: " ")),
        ]
        let lines = rows.map { name, value in
            "    \(name)\(String(repeating: " ", count: 8 - name.count))\(value)"
        }
        return ([fault.syntax, "    \(fault.what)"] + lines).joined(separator: "\n")
    }
}
