import AWS
import ArgumentParser
import Chaos
import Foundation

/// `loadchaos recover`: pays the debts that interrupted runs have left behind.
struct Recover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Revert the faults that an interrupted run has left behind.",
        discussion: """
            Reads the journal, re-reads the live state and changes back only what still carries our value. May be run \
            at any time and from any process. Exit code 0: nothing is left; 3: something could not be reverted.
            """)

    @OptionGroup var results: ResultsOption
    @Option(name: .customLong("journal"), help: "The journal itself, if it is not in the results folder.")
    var chosen: String?

    func run() async throws {
        let journal = chosen ?? results.journal
        guard FileManager.default.fileExists(atPath: journal) else {
            print("nothing to recover: there is no journal at \(journal)")
            return
        }
        if try await Self.pay(journal) { throw ExitStatus.notHealed.code }
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
        if outcomes.isEmpty { print("nothing to recover") }
        var isLeft = false
        for (debt, outcome) in outcomes {
            let name = "\(debt.fault) (run \(debt.run), on \(debt.platform))"
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
