import AWS
import ArgumentParser
import Chaos
import Foundation
import Plan

/// `loadchaos doctor`: whether a run could start here, and what to do where it could not.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what this machine, these keys and their policy lack for a run; change nothing.",
        discussion: """
            For the lab: its parts, and how well this machine can isolate them. For AWS: the signature, the keys, the
            clock, the guard's account and every action that the policy must allow, for the faults of a scenario or,
            given a system file, for all. Actions are asked for by reads, by EC2's dry runs, and by writes to what is
            not there; what cannot be asked in this way is said to be unknown.

              loadchaos doctor
              loadchaos doctor scenarios/az-failure.scn --on aws

            Exit codes:
              0    nothing is known to be missing
              64   wrong usage
              65   a bad scenario or system file
              69   something is missing
              70   a bug in loadchaos
            """)

    @Argument(
        help: ArgumentHelp("With --on aws: what is to be run there.", valueName: "file.scn or file.system"),
        completion: .file(extensions: ["scn", "system"]))
    var file: String?

    @Option(help: "Where runs are to take place: lab or aws.")
    var on = Destination.lab

    func validate() throws {
        switch on {
        case .aws: if file == nil { throw ValidationError("--on aws needs a scenario or a system file") }
        case .lab:
            if file != nil { throw ValidationError("a file is for --on aws: the lab asks for no permission") }
        case .url: throw ValidationError("--on \(on.text): a URL needs nothing that could be looked at")
        }
    }

    func run() async throws {
        throw await CommandProblem.exitCode {
            var findings = DoctorMachine.generator()
            print(findings.map(\.line).joined(separator: "\n"))
            func say(_ more: [DoctorFinding]) {
                findings += more
                for finding in more { print(finding.line) }
            }
            if let file {
                let subject = try DoctorSubject(file)
                say([await KnownSignature.finding()])
                await DoctorAWS(subject: subject).look(say)
            } else {
                say(await DoctorMachine.lab())
            }
            return findings.contains { $0.state == .missing } ? .unreachable : .kept
        }
    }
}

/// What is to be run, and the actions that takes.
struct DoctorSubject {
    var system: System
    /// As policies write them, in the alphabet's order.
    var actions: [String]

    init(_ file: String) throws {
        var actions = Set(PermissionProbe.watching)
        if file.hasSuffix(".system") {
            system = try ScenarioFile.system(at: file)
            actions.formUnion(FaultDescription.all.flatMap(\.permissions) + PermissionProbe.probing)
        } else {
            let plan = try ScenarioFile.plan(at: file)
            guard let found = plan.system else {
                throw CommandProblem(
                    .badScenario, "a run on AWS needs a system: add `use \"….system\"` to \(file)")
            }
            system = found
            for fault in plan.faults { actions.formUnion(type(of: fault.fault.action).about.permissions) }
            if plan.probes.contains(where: { $0.service != nil }) {
                actions.formUnion(PermissionProbe.probing)
            }
        }
        self.actions = actions.sorted()
    }
}
