import ArgumentParser
import Foundation
import Plan
import Scenario
import Verdict

/// `loadchaos check FILE…`: reads scenarios and system files, and says everything that is wrong with them.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what is wrong with a scenario or system file; nothing is started.",
        discussion: """
            Every finding is printed as file:line:column, the line, a caret and, where it can be told, the fix.
            Then what a run of the scenario could not tell, whatever it measured: too few requests, too short a time.

              loadchaos check scenarios/*.scn scenarios/*.system

            Exit codes: 0 all files are fine, 65 at least one has an error.
            """)

    /// After so many findings in one file the rest is only counted.
    static let findingsShown = 100

    @Argument(help: "The .scn and .system files to read.", completion: .file(extensions: ["scn", "system"]))
    var files: [String]

    func run() throws {
        var errors = 0
        for file in files {
            if file.hasSuffix(".system") {
                let reading = Scenario.loadSystem(path: file)
                errors += report(reading.findings, of: file, summary: reading.value.map(Summary.of))
            } else {
                let reading = Scenario.load(path: file)
                errors += report(reading.findings, of: file, summary: reading.value.map(Summary.of))
                for warning in reading.value.map(forecast) ?? [] { print("\(file): \(warning)") }
            }
        }
        if errors > 0 { throw ExitStatus.badScenario.code }
    }

    /// Prints what came of one file; the number of its errors.
    private func report(_ findings: [Scenario::Finding], of file: String, summary: String?) -> Int {
        for finding in findings.prefix(Check.findingsShown) { Terminal.note("\(finding)") }
        let hidden = findings.count - Check.findingsShown
        if hidden > 0 { Terminal.note("\(file): and \(hidden) more findings") }
        let errors = findings.count { $0.severity == .error }
        if let summary {
            print("\(file): ok: \(summary)")
        } else if errors == 0 {
            Terminal.note(
                "\(file): error: it cannot be used, and loadchaos does not know why: please report it")
            return 1
        }
        return errors
    }
}

/// One line that says what a file comes to.
enum Summary {
    static func of(_ plan: Plan) -> String {
        var parts: [String] = []
        let schedules = plan.schedules(seed: nil).compactMap(\.self)
        if !schedules.isEmpty {
            let speed = plan.speed.formatted(.number.precision(.fractionLength(0...3)))
            parts.append("\(plan.duration) of load" + (plan.speed == 1 ? "" : " at speed \(speed)"))
            var requests = count(Int(schedules.reduce(0) { $0 + $1.count }), "request")
            if plan.streams.contains(where: { $0.arrivals == .poisson }) { requests = "about " + requests }
            if schedules.count < plan.streams.count { requests += " beside those of users" }
            if plan.streams.contains(where: { $0.load.replay != nil }) {
                requests += " replayed on \(count(plan.requests.count, "route"))"
            }
            parts.append(requests)
        }
        if plan.streams.count > 1 { parts.append(count(plan.streams.count, "stream")) }
        parts.append(count(plan.faults.count, "fault"))
        if !plan.probes.isEmpty { parts.append(count(plan.probes.count, "probe")) }
        parts.append(count(plan.expectations.count, "expectation"))
        return parts.joined(separator: ", ")
    }

    static func of(_ system: System) -> String {
        [
            "\(count(system.services.count, "service")) in \(count(system.zones.count, "zone"))",
            count(system.promises.count, "promise"),
        ].joined(separator: ", ")
    }

    /// `1 fault`, `42,600 requests`.
    private static func count(_ number: Int, _ noun: String) -> String {
        var digits = String(number)
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return "\(digits) \(noun)\(number == 1 ? "" : "s")"
    }
}
