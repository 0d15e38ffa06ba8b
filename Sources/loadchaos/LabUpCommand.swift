import ArgumentParser
import Foundation
import Lab

struct LabUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Bring the lab up, and hold it until Ctrl-C.")

    @Flag(help: "Return when the lab is ready; `lab down` takes it down.")
    var detach = false

    @Option(help: "How many times faster than the scenario's clock its windows run.")
    var speed: Double = 1

    @Option(help: "root, rootless or loopback; by default the first of them that works here.")
    var mode: LabMode?

    @Option(help: "The balancer's port; by default the first free one from 8080.")
    var port: Int?

    @Option(help: "Wrong on purpose: \(LabFlaw.allCases.map(\.rawValue).joined(separator: ", ")).")
    var bad: LabFlaw?

    @Option(
        help: ArgumentHelp(
            "How much of the usual work a vCPU does, from 0.1 to 4: tasks carry that much less or more.",
            valueName: "factor"))
    var cpuStrength: Double = 1

    @Option(help: "Task ids are drawn from it.")
    var seed: UInt64 = 1

    @Flag(help: ArgumentHelp("Go when stdin ends.", visibility: .hidden))
    var lifeline = false

    @Option(help: ArgumentHelp("Write the address as JSON to this file descriptor.", visibility: .hidden))
    var announce: Int32?

    @Option(help: ArgumentHelp("The state directory.", visibility: .hidden))
    var state: String?

    private var directory: StateDirectory { state.map(StateDirectory.init(path:)) ?? .ofThisUser() }

    func validate() throws {
        guard speed.isFinite, speed >= 0.1, speed <= 60 else {
            throw ValidationError("--speed is from 0.1 to 60, not \(speed)")
        }
        guard cpuStrength.isFinite, (0.1...4).contains(cpuStrength) else {
            throw ValidationError("--cpu-strength is from 0.1 to 4, not \(cpuStrength)")
        }
        if let port, !(1...65535).contains(port) {
            throw ValidationError("--port is from 1 to 65535, not \(port)")
        }
    }

    func run() async throws {
        let settings = LabSettings(
            speed: speed, mode: mode, port: port, seed: seed, flaw: bad, strength: cpuStrength)
        do {
            if detach {
                return print(LabText.status(try await startDetached(settings).address))
            }
            try await hold(settings)
        } catch let error as LabError {
            if error == .cancelled { throw ExitStatus.interrupted.code }
            Terminal.note("loadchaos: \(error)")
            throw ExitStatus.unreachable.code
        }
    }

    private func startDetached(_ settings: LabSettings) async throws -> LabProcess {
        let ends = EndSignals()
        let directory = directory
        let start = Task { try await LabProcess.start(settings, detached: true, in: directory) }
        Task {
            if await ends.first() { start.cancel() }
        }
        return try await start.value
    }

    /// Up, until a signal or the end of the lifeline; taken down in any case.
    private func hold(_ settings: LabSettings) async throws {
        let ends = EndSignals(standardInput: lifeline)
        let directory = directory
        let boot = Task { try await LabHost.bringUp(settings, in: directory) }
        let asked = Task {
            _ = await ends.first()
            boot.cancel()
        }
        let lab = try await boot.value
        if let announce {
            try announceAddress(lab.address, on: announce)
        } else {
            print(LabText.status(lab.address))
            fflush(nil)
        }
        let ended = Task { await lab.unexpectedEnd() }
        let why = try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask {
                await asked.value
                return nil
            }
            group.addTask {
                let why = await ended.value
                ends.cancel()
                return why
            }
            let first = try await group.next() ?? nil
            try await lab.takeDown()
            return first
        }
        if let why {
            Terminal.note("loadchaos: \(why)")
            throw ExitStatus.unreachable.code
        }
        Terminal.note("the lab is down")
    }

    private func announceAddress(_ address: LabAddress, on file: Int32) throws {
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        try handle.write(contentsOf: JSONEncoder().encode(address))
        try handle.close()
    }
}

extension LabMode: ExpressibleByArgument {}
extension LabFlaw: ExpressibleByArgument {}

/// The lab's own second process; never typed by a person.
struct LabInnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "__lab-inner", shouldDisplay: false)

    @Argument var orders: String

    func run() async throws { throw ExitCode(await LabInner.run(orders: orders)) }
}
