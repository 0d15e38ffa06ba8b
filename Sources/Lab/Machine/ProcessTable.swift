import CLab
import Foundation
import Glibc
import Spawn
import Synchronization

/// How a process ended.
enum ProcessEnd: Hashable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case killed(signal: Int32)

    /// From the status word of waitpid(2).
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .killed(signal: signal)
    }

    var description: String {
        switch self {
        case .exited(let code): "exited with \(code)"
        case .killed(let signal): "killed by signal \(signal)"
        }
    }
}

/// Every process the lab started, until it has been reaped.
///
/// One thread starts them, because PR_SET_PDEATHSIG follows that thread, which must outlive all children. Another
/// reaps: what was started here, and as process 1 of a PID namespace also the orphans that come to it.
final class ProcessTable: Sendable {
    private struct State {
        var live: Set<pid_t> = []
        var ended: [pid_t: ProcessEnd] = [:]
        var waiting: [pid_t: [CheckedContinuation<ProcessEnd, Never>]] = [:]
        var isShut = false
    }

    private let state = Mutex(State())
    private let started = DispatchSemaphore(value: 0)
    private let spawner = SerialThread(name: "lab spawner")

    init() {
        let reaper = Thread { [self] in reap() }
        reaper.name = "lab reaper"
        reaper.start()
    }

    /// Starts the program. Its end can be awaited once or more with `exit(of:)`.
    func spawn(_ program: Program) throws(LabError) -> pid_t {
        let result: Result<pid_t, LabError> = spawner.sync {
            // Held over the start: the reaper must find the pid registered, however soon it dies.
            self.state.withLock { state in
                do throws(LabError) {
                    guard !state.isShut else { throw .goingDown }
                    let pid = try program.spawnPart()
                    state.live.insert(pid)
                    return .success(pid)
                } catch {
                    return .failure(error)
                }
            }
        }
        started.signal()
        return try result.get()
    }

    /// Returns when the process has ended; at once if it has.
    func exit(of pid: pid_t) async -> ProcessEnd {
        await withCheckedContinuation { continuation in
            let ended = state.withLock { state -> ProcessEnd? in
                if let ended = state.ended[pid] { return ended }
                precondition(state.live.contains(pid), "pid \(pid) was not started here")
                state.waiting[pid, default: []].append(continuation)
                return nil
            }
            if let ended { continuation.resume(returning: ended) }
        }
    }

    /// Whether the process was started here and has not been reaped.
    func isLive(_ pid: pid_t) -> Bool { state.withLock { $0.live.contains(pid) } }

    var live: Set<pid_t> { state.withLock { $0.live } }

    /// Nothing starts any more: `spawn` throws from now on. Returns what is left to be ended.
    func shut() -> Set<pid_t> {
        state.withLock { state in
            state.isShut = true
            return state.live
        }
    }

    /// Signals the process group the program leads, but only while it has not been reaped: pids are used
    /// again.
    func signalGroup(_ pid: pid_t, _ signal: Int32) {
        state.withLock { state in
            if state.live.contains(pid) { kill(-pid, signal) }
        }
    }

    /// Signals the process alone.
    func signal(_ pid: pid_t, _ signal: Int32) {
        state.withLock { state in
            if state.live.contains(pid) { kill(pid, signal) }
        }
    }

    private func reap() {
        while true {
            let pid = clab_ended_child()
            if pid < 0 {
                if pid == -ECHILD { started.wait() }
                continue
            }
            if collect(pid) { continue }
            // Somebody else's, who waits for it himself. Until he does it stands before ours in the kernel's
            // queue.
            for pid in live { _ = collect(pid) }
            usleep(5_000)
        }
    }

    /// Reaps a process that has ended, if it is ours or, as process 1, an orphan. False if it is not for us
    /// to reap.
    private func collect(_ pid: pid_t) -> Bool {
        var waiting: [CheckedContinuation<ProcessEnd, Never>] = []
        var end = ProcessEnd.exited(0)
        let isOurs = state.withLock { state in
            guard state.live.contains(pid) || getpid() == 1 else { return false }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return true }
            guard state.live.remove(pid) != nil else { return true }
            end = ProcessEnd(waitStatus: status)
            state.ended[pid] = end
            waiting = state.waiting.removeValue(forKey: pid) ?? []
            return true
        }
        for continuation in waiting { continuation.resume(returning: end) }
        return isOurs
    }
}
