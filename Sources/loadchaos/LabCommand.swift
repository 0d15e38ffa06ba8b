import ArgumentParser
import Lab

/// `loadchaos lab`: the document's whole system on this machine.
struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab", abstract: "The built-in lab: the whole system on this machine, from real parts.",
        subcommands: [LabUp.self, LabDown.self, LabStatus.self])
}

struct LabDown: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Take the lab down and remove everything of it.")

    func run() async throws {
        do {
            let wasUp = try await LabHost.takeDownCurrent()
            Terminal.note(wasUp ? "the lab is down" : "no lab was up")
        } catch {
            Terminal.note("loadchaos: \(error)")
            throw ExitStatus.unreachable.code
        }
    }
}

struct LabStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say whether a lab is up, and where it is reached.")

    @Flag(help: "Print `export` lines for awscli and boto3.")
    var env = false

    func run() async throws {
        do {
            guard let lab = try LabAddress.current() else { throw LabError.notUp }
            if env {
                for (name, value) in lab.environment { print("export \(name)=\(value)") }
            } else {
                print(LabText.status(lab))
            }
        } catch let error as LabError {
            Terminal.note("loadchaos: \(error)")
            throw ExitStatus.unreachable.code
        }
    }
}

/// What the lab's verbs print.
enum LabText {
    static func status(_ lab: LabAddress) -> String {
        let nodes = lab.nodes.map {
            "http://\($0.address):\($0.port), https://\($0.address):\($0.tlsPort) (\($0.zone))"
        }
        var lines = ["lab up, mode \(lab.mode.rawValue), speed \(plain(lab.speed)), process \(lab.pid)"]
        lines += nodes.map { "  balancer  \($0)" }
        lines.append("  CA file   \(lab.caFile)")
        lines.append("  AWS API   \(lab.apiURL)")
        lines += lab.limits.map { "  limit     \($0)" }
        return lines.joined(separator: "\n")
    }

    private static func plain(_ speed: Double) -> String {
        speed == speed.rounded() && speed < 1e15 ? "\(Int64(speed))" : "\(speed)"
    }
}
