import Foundation
import Glibc
import Spawn
import Synchronization

/// How a lab is to be.
package struct LabSettings: Sendable {
    package var speed: Double
    /// Nil takes the most capable mode that works here.
    package var mode: LabMode?
    /// The balancer's port; nil takes the first free one from 8080.
    package var port: Int?
    package var seed: UInt64
    /// What is wrong with it on purpose; nil: a good lab.
    package var flaw: LabFlaw?
    /// How much of the usual work its vCPUs do.
    package var strength: Double

    package init(
        speed: Double = 1, mode: LabMode? = nil, port: Int? = nil, seed: UInt64 = 1, flaw: LabFlaw? = nil,
        strength: Double = 1
    ) {
        self.speed = speed
        self.mode = mode
        self.port = port
        self.seed = seed
        self.flaw = flaw
        self.strength = strength
    }
}

/// The lab's outside: binds the host's sockets, starts the inner process in its namespaces, and cleans up
/// after it.
package final class LabHost: Sendable {
    package let address: LabAddress
    private let state: StateDirectory
    private let processes: ProcessTable
    private let inner: pid_t
    private let life: Lifeline
    private let lock: Int32

    private init(
        address: LabAddress, state: StateDirectory, processes: ProcessTable, inner: pid_t, life: Lifeline,
        lock: Int32
    ) {
        self.address = address
        self.state = state
        self.processes = processes
        self.inner = inner
        self.life = life
        self.lock = lock
    }

    /// Brings a lab up; returns when its targets are healthy. What a failed attempt made is removed again.
    package static func bringUp(
        _ settings: LabSettings, in state: StateDirectory = .ofThisUser()
    ) async throws(LabError) -> LabHost {
        let parts = try Parts.find()
        try state.make()
        guard let lock = try state.lock() else {
            throw .alreadyUp(pid: Int(state.holder ?? 0))
        }
        let processes = ProcessTable()
        do {
            await sweep(state)
            try state.makeFolders()
            return try await start(settings, parts, state, processes, lock)
        } catch {
            close(lock)
            state.remove()
            throw error as? LabError ?? .bootFailed(step: "\(error)", log: "")
        }
    }

    private static func start(
        _ settings: LabSettings, _ parts: Parts, _ state: StateDirectory, _ processes: ProcessTable,
        _ lock: Int32
    ) async throws -> LabHost {
        let probe = ModeProbe { mode in await attempt(mode, processes) }
        let mode = try await probe.choose(forced: settings.mode)
        let listeners = try HostListeners.bind(port: settings.port)
        let (lifelineRead, lifelineWrite) = try pipe()
        let (reportRead, reportWrite) = try pipe()
        let orders = LabOrders(
            statePath: state.path, stack: parts.stack, venv: parts.venv, postgres: parts.postgres, mode: mode,
            speed: settings.speed, seed: settings.seed, flaw: settings.flaw, strength: settings.strength,
            listeners: listeners,
            lifeline: lifelineRead,
            report: reportWrite, cgroup: mode == .root ? cgroupName(state) : nil)
        let text = String(decoding: try JSONEncoder().encode(orders), as: UTF8.self)
        let itself = [Parts.executablePath(), "__lab-inner", text]
        let command = mode.unshareArguments.map { ["unshare"] + $0 + itself } ?? itself
        var program = Program(command[0], Array(command.dropFirst()))
        let sockets = HostListeners.sockets(listeners)
        program.inherited = sockets + [lifelineRead, reportWrite]
        let (log, logPath) = try state.log("inner")
        program.output = log
        let inner = try processes.spawn(program)
        let api = HostListeners.port(of: listeners.api)
        for file in sockets + [lifelineRead, reportWrite, log] { close(file) }

        // Cancelled while booting: the inner process sees the end of its lifeline and goes, and the report
        // ends with it.
        let life = Lifeline(file: lifelineWrite)
        let report = await withTaskCancellationHandler {
            await aside { readToEnd(reportRead, or: 0) }
        } onCancel: {
            life.end()
        }
        guard report.hasPrefix("ready") else {
            let log = state.tail(of: logPath)
            life.end()
            await end(inner, processes)
            // Why it did not start matters more than what is left, which the next start sweeps.
            _ = await CPUQuotas.sweep(prefix: cgroupName(state))
            if Task.isCancelled { throw LabError.cancelled }
            if report.hasPrefix("failed ") { throw LabError.didNotStart(String(report.dropFirst(7))) }
            throw LabError.bootFailed(step: "its inner process ended", log: log)
        }
        let withoutQuotas = mode == .root && report.contains("without quotas")
        let address = LabAddress(
            apiURL: "http://127.0.0.1:\(api)",
            nodes: listeners.nodes.map {
                .init(address: $0.address, port: $0.port, tlsPort: $0.tlsPort, zone: $0.zone)
            },
            caFile: "\(state.path)/\(Certificate.authority)", speed: settings.speed, mode: mode,
            limits: mode.limits + (withoutQuotas ? LabMode.rootless.limits : [])
                + (settings.flaw.map { [$0.words] } ?? [])
                + (settings.strength == 1 ? [] : ["a vCPU does \(settings.strength) of the usual work"]),
            pid: Int(getpid()), startedAt: MachineClock().origin, bad: settings.flaw)
        try address.write(to: state)
        return LabHost(
            address: address, state: state, processes: processes, inner: inner, life: life, lock: lock)
    }

    /// Returns when the lab's inside has ended by itself: it should not.
    package func unexpectedEnd() async -> String {
        let status = await processes.exit(of: inner)
        return "the lab's inner process \(status)\n" + state.tail(of: "\(state.path)/logs/inner.log")
    }

    /// Takes the lab down and leaves nothing of it.
    package func takeDown() async throws(LabError) {
        life.end()
        await Self.end(inner, processes)
        let left = await CPUQuotas.sweep(prefix: Self.cgroupName(state))
        state.remove()
        close(lock)
        if !left.isEmpty { throw .leftBehind(left) }
    }

    private static func end(_ inner: pid_t, _ processes: ProcessTable) async {
        let impatience = Task {
            try await Task.sleep(for: .seconds(10))
            processes.signalGroup(inner, SIGKILL)
        }
        _ = await processes.exit(of: inner)
        impatience.cancel()
    }

    /// Removes what a lab that was killed left behind. Its inner process may still be at it.
    static func sweep(_ state: StateDirectory) async {
        for _ in 0..<100 where InnerLock.isHeld(in: state) {
            // Cut short by cancellation, the sweep finds what is there.
            try? await Task.sleep(for: .milliseconds(100))
        }
        // What is still busy `takeDownCurrent` tells; a start does without quotas then, and says so.
        _ = await CPUQuotas.sweep(prefix: cgroupName(state))
        state.empty()
    }

    /// Takes down the lab of this user, whoever holds it, and removes what is left; returns once nothing is.
    /// False if there was no lab.
    package static func takeDownCurrent(in state: StateDirectory = .ofThisUser()) async throws(LabError)
        -> Bool
    {
        guard access(state.path, F_OK) == 0 else { return false }
        let wasUp = state.isLocked
        if let holder = state.holder, wasUp {
            kill(holder, SIGTERM)
            for step in 0..<300 where state.isLocked {
                if step == 200 { kill(holder, SIGKILL) }
                // Throws only when cancelled, which shortens the wait and nothing else.
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
        if access(state.path, F_OK) == 0 {
            guard let lock = try state.lock() else { throw .alreadyUp(pid: Int(state.holder ?? 0)) }
            await sweep(state)
            state.remove()
            close(lock)
        }
        let left = await CPUQuotas.sweep(prefix: cgroupName(state))
        if !left.isEmpty { throw .leftBehind(left) }
        return wasUp
    }

    /// One name for each state directory, so that a sweep finds its own and no other's.
    static func cgroupName(_ state: StateDirectory) -> String {
        let hash = state.path.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        return "loadchaos-lab-\(geteuid())-\(String(hash, radix: 36))"
    }

    /// Each mode, the most capable first, with what stands in its way on this machine; nil: nothing.
    package static func modes() async -> [(mode: LabMode, obstacle: String?)] {
        let processes = ProcessTable()
        var found: [(mode: LabMode, obstacle: String?)] = []
        for mode in LabMode.allCases { found.append((mode, await attempt(mode, processes))) }
        return found
    }

    private static func attempt(_ mode: LabMode, _ processes: ProcessTable) async -> String? {
        guard let flags = mode.unshareArguments else { return nil }
        do {
            let result = try await processes.run(Program("unshare", flags + ["sh", "-ec", ModeProbe.trial]))
            return result.status == .exited(0) ? nil : LogTail.last(of: result.output, lines: 1)
        } catch { return "\(error)" }
    }
}

func pipe() throws(LabError) -> (reading: Int32, writing: Int32) {
    do throws(NoStart) { return try pipeEnds() } catch {
        throw .file(operation: error.step, path: error.path, error: error.code)
    }
}

/// Everything until all writers are gone or, if given, until this byte; closes the reader's end.
func readToEnd(_ file: Int32, or end: UInt8? = nil) -> String {
    defer { close(file) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = read(file, &buffer, buffer.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return String(decoding: text, as: UTF8.self) }
        text += buffer[..<count]
        if let end, text.last == end { return String(decoding: text.dropLast(), as: UTF8.self) }
    }
}

/// The write end of the pipe the inner process lives by. Ended once; the kernel ends it when we are killed.
private final class Lifeline: Sendable {
    private let file: Mutex<Int32?>

    init(file: Int32) { self.file = Mutex(file) }

    func end() {
        file.withLock { file in
            if let open = file { close(open) }
            file = nil
        }
    }
}
