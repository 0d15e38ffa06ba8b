import AWS
import ArgumentParser
import Chaos
import Foundation
import Lab
import Plan

/// `loadchaos recover`: pays the debts that interrupted runs have left behind.
struct Recover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Revert the faults that an interrupted run has left behind.",
        discussion: """
            Reads the journal, re-reads the live state and changes back only what still carries our value. May be \
            run at any time and from any process.

            Where the journal is lost, --tags finds what is owed by the tags that each fault leaves on what it \
            changes. They do not tell whether a run is still alive: end it first.

              loadchaos recover
              loadchaos recover --tags shop.system --on aws

            Exit codes: 0 nothing is left; 3 something could not be reverted; 64, 65, 69 as of 'run'.
            """)

    @OptionGroup var results: ResultsOption
    @Option(name: .customLong("journal"), help: "The journal itself, if it is not in the results folder.")
    var chosen: String?

    @Option(
        help: ArgumentHelp(
            "Without a journal: the system whose resources are asked.", valueName: "file.system"))
    var tags: String?

    @Option(help: "With --tags: lab or aws.")
    var on = Destination.lab

    func validate() throws {
        if tags != nil, chosen != nil { throw ValidationError("--tags is for where there is no --journal") }
    }

    func run() async throws {
        throw await CommandProblem.exitCode {
            if let tags { return try await payByTags(of: tags) }
            let journal = chosen ?? results.journal
            guard FileManager.default.fileExists(atPath: journal) else {
                print("nothing to recover: there is no journal at \(journal)")
                return .kept
            }
            return try await Self.pay(journal) ? .notHealed : .kept
        }
    }

    /// Reverts what is owed, by one run or by all, and says what became of it. True: something is left.
    static func pay(_ journal: String, of run: String? = nil) async throws -> Bool {
        let environment = ProcessInfo.processInfo.environment
        let outcomes: [(debt: Debt, outcome: Recovery.Outcome)]
        do {
            outcomes = try await Recovery.recover(try Journal(path: journal), of: run) {
                identity throws(AWSConfigurationError) in
                try identity.platform(environment)
            }
        } catch {
            Terminal.note("\(error)")
            return true
        }
        return say(
            outcomes.map { ("\($0.debt.fault) (run \($0.debt.run), on \($0.debt.platform))", $0.outcome) })
    }

    private func payByTags(of file: String) async throws -> ExitStatus {
        let system = try ScenarioFile.system(at: file)
        let platform = try platform(of: system)
        let found: TagRecovery.Findings
        do { found = try await TagRecovery.find(system, on: platform) } catch {
            throw CommandProblem(.unreachable, "nothing was changed: \(error)")
        }
        var outcomes: [(name: String, outcome: Recovery.Outcome)] = []
        for debt in found.debts {
            let outcome = await TagRecovery.pay(debt, on: platform)
            outcomes.append(("\(debt.debt.fault) (run \(debt.debt.run))", outcome))
        }
        let isLeft = Self.say(outcomes)
        for resource in found.unreadable {
            Terminal.note(
                "\(resource): its tags say that something is owed, and cannot be read: look at it yourself")
        }
        return isLeft || !found.unreadable.isEmpty ? .notHealed : .kept
    }

    private func platform(of system: System) throws -> AWSPlatform {
        switch on {
        case .lab:
            guard let address = try LabAddress.current() else {
                throw CommandProblem(.usage, "no lab is up, so nothing is owed to one; or add: --on aws")
            }
            return AWSPlatform(configuration: .lab(endpoint: address.apiURL, region: system.region))
        case .aws:
            return AWSPlatform(
                configuration: try .fromEnvironment(
                    ProcessInfo.processInfo.environment, region: system.region))
        case .url:
            throw CommandProblem(.usage, "--on \(on.text): a URL has no resources that could be asked")
        }
    }

    /// True: something is left.
    private static func say(_ outcomes: [(name: String, outcome: Recovery.Outcome)]) -> Bool {
        if outcomes.isEmpty { print("nothing to recover") }
        var isLeft = false
        for (name, outcome) in outcomes {
            switch outcome {
            case .reverted(let done):
                print("\(name): \(done.isEmpty ? "nothing was left to revert" : "reverted")")
                for line in done { print("    \(line)") }
            case .paid(let why):
                print("\(name): \(why)")
            case .failed(let why, let commands):
                isLeft = true
                Terminal.note("\(name): not reverted: \(why)")
                if !commands.isEmpty { Terminal.note("to undo it by hand:") }
                for command in commands { Terminal.note("    \(command)") }
            }
        }
        return isLeft
    }
}

extension PlatformIdentity {
    /// The platform this debt is owed to: the lab's keys on loopback, the environment's elsewhere.
    fileprivate func platform(_ environment: [String: String]) throws(AWSConfigurationError) -> AWSPlatform {
        if endpoints.areLoopback {
            return AWSPlatform(
                configuration: AWSConfiguration(
                    region: region, endpoints: endpoints, credentials: Credentials.lab))
        }
        var configuration = try AWSConfiguration.fromEnvironment(environment, region: region)
        configuration.endpoints = endpoints
        return AWSPlatform(configuration: configuration)
    }
}
