import CLab
import Foundation
import Glibc
import Logging
import Loopback

/// The lab's inside: process 1 of its own namespaces where the mode has them. Everything else is its child.
package enum LabInner {
    /// Runs a lab until the lifeline ends; returns the exit code. `orders` is what `LabHost` encoded.
    package static func run(orders text: String) async -> Int32 {
        guard let orders = try? JSONDecoder().decode(LabOrders.self, from: Data(text.utf8)) else {
            return 64  // not started by us
        }
        for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
        let state = StateDirectory(path: orders.statePath)
        let lock = InnerLock.hold(in: state)
        defer { lock.map { _ = close($0) } }
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }

        let quotas = orders.cgroup.flatMap(CPUQuotas.make(named:))
        let logs = LogStore(clock: MachineClock())
        let machine = Machine(
            mode: orders.mode, speed: orders.speed, flaw: orders.flaw, strength: orders.strength,
            parts: orders.parts, state: state,
            listeners: orders.listeners,
            quotas: quotas, processes: ProcessTable(), logs: logs)
        let report = FileReport(file: orders.report)
        let life = Task { await endOfLifeline(orders.lifeline) }
        let lab = Task {
            do {
                try await boot(machine, orders, report)
                await report.say("ready\(quotas == nil ? " without quotas" : "")")
            } catch { await report.say("failed \(error)") }
        }
        await life.value
        lab.cancel()
        await machine.shutDown()
        // Free only if the outer process was killed: then nobody else cleans up.
        if let abandoned = try? state.lock() {
            state.remove()
            close(abandoned)
        }
        return 0
    }

    private static func boot(_ machine: Machine, _ orders: LabOrders, _ report: FileReport) async throws {
        let apiSocket = orders.statePath + "/sockets/api.sock"
        try await machine.followCoreSpeed()
        try await machine.boot(apiSocket: apiSocket)
        let control = ControlPlane(
            dataPlane: machine, clock: MachineClock(),
            settings: ControlSettings(speed: orders.speed, seed: orders.seed, flaw: orders.flaw),
            logs: machine.logs)
        await machine.name(endpoint: control.database.names.endpoint)
        let server = try LoopbackServer(serving: LabAPI(control: control), at: .unixSocket(path: apiSocket))
        Task { await control.run() }
        Task {
            do { try await server.run() } catch { await report.say("failed the API ended: \(error)") }
        }
        try await control.boot()
        let wanted = control.settings.services.filter(\.isBalanced).map(\.desiredCount).reduce(0, +)
        let patience = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < patience {
            try await machine.vouchForHealthyTargets()
            let readings = try await machine.targetReadings()
            if readings.count >= wanted, readings.allSatisfy({ $0.state == .healthy }), answers(apiSocket),
                await control.database.isReady
            {
                return
            }
            try await Task.sleep(for: .milliseconds(30))
        }
        throw LabError.bootFailed(
            step: "its targets did not become healthy within 60 s",
            log: await machine.lastWords(of: "flask-app"))
    }

    private static func answers(_ path: String) -> Bool {
        let socket = clab_socket_in(-1, AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        return connectUnix(socket, path)
    }

    /// Returns when the other end has been closed, by whatever end of its process.
    private static func endOfLifeline(_ file: Int32) async {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                var byte: UInt8 = 0
                while read(file, &byte, 1) > 0 || errno == EINTR {}
                continuation.resume()
            }
            thread.start()
        }
    }
}

/// The pipe on which the inner process says how its boot went. Said once; then it is closed.
private actor FileReport {
    private var file: Int32?

    init(file: Int32) { self.file = file }

    func say(_ text: String) {
        guard let file else { return }
        // The end is marked, because unshare keeps a copy of the pipe open.
        let bytes = Array(text.utf8) + [0]
        _ = write(file, bytes, bytes.count)  // nobody listening means that the lab is going
        close(file)
        self.file = nil
    }
}

/// A lock the inner process holds while it lives, so that a later lab waits for its end before it sweeps.
enum InnerLock {
    private static func file(_ state: StateDirectory) -> Int32 {
        open("\(state.path)/inner-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    }

    static func hold(in state: StateDirectory) -> Int32? {
        let file = file(state)
        guard file >= 0, clab_lock(file, 1) == 0 else { return nil }
        return file
    }

    static func isHeld(in state: StateDirectory) -> Bool {
        let file = open("\(state.path)/inner-lock", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return clab_lock(file, 1) != 0
    }
}

extension Machine {
    /// The last lines a service's tasks wrote.
    func lastWords(of service: String) -> String {
        tasks.values.filter { $0.launch.service == service }.map {
            state.tail(of: "\(state.path)/logs/\(service)-\($0.launch.id.description.prefix(8)).log")
        }.joined(separator: "\n")
    }
}
