import Conductor
import History
import Plan
import Synchronization
import TestKit

/// Swift Testing has an `Expectation` of its own.
typealias Expected = Expectation

/// A load that plays a second a second on the simulated clock, each as `answer` says: (ok, connect failures).
final class ScriptedLoad: LoadPlayer {
    private let clock: SimulatedClock
    private let seconds: Int
    private let writer: any HistoryWriter
    private let answer: @Sendable (Int) -> (ok: UInt64, failed: UInt64)
    private let stopped = Mutex(false)

    init(
        clock: SimulatedClock, seconds: Int, writer: any HistoryWriter,
        answer: @escaping @Sendable (Int) -> (ok: UInt64, failed: UInt64)
    ) {
        self.clock = clock
        self.seconds = seconds
        self.writer = writer
        self.answer = answer
    }

    func play() async throws {
        for second in 0..<seconds {
            if stopped.withLock({ $0 }) { return }
            var row = LoadSecond(second: second, route: 0)
            let (ok, failed) = answer(second)
            (row.planned, row.sent, row.ok, row.failed) = (ok + failed, ok + failed, ok, failed)
            for _ in 0..<ok { row.okLatency.record(.milliseconds(5)) }
            row.failures = [
                FailureCount(failure: .connect, node: "", reusedConnection: false, status: 0, count: failed)
            ]
            writer.record(.load(row))
            try await clock.sleep(until: .seconds(Double(second + 1)))
        }
    }

    func stop() { stopped.withLock { $0 = true } }
    func spread(over addresses: [String]) {}
}

/// Faults that only write down what was asked of them.
final class ScriptedFaults: FaultPlayer {
    private let clock: SimulatedClock
    private let plan: Plan
    let log = Mutex<[String]>([])

    init(clock: SimulatedClock, plan: Plan) {
        self.clock = clock
        self.plan = plan
    }

    func preflight() async throws {}
    func play(_ index: Int) async {
        note("inject \(index) at \(clock.now)")
        do { try await clock.sleep(for: plan.real(plan.faults[index].duration ?? .zero)) } catch {
            note("cut short \(index) at \(clock.now)")
        }
        note("revert \(index)")
    }
    func skip(_ index: Int, because reason: String) { note("skip \(index): \(reason)") }
    func healAll() async -> [FaultRecord] {
        note("heal all")
        return []
    }

    private func note(_ line: String) { log.withLock { $0.append(line) } }
}

/// Probes that take a while, and only write down what was asked of them.
final class ScriptedProbes: ProbePlayer {
    private let clock: SimulatedClock
    private let length: Nanoseconds
    let log = Mutex<[String]>([])

    init(clock: SimulatedClock, length: Nanoseconds) {
        self.clock = clock
        self.length = length
    }

    func play(_ index: Int) async {
        log.withLock { $0.append("begin \(index) at \(clock.now)") }
        do {
            try await clock.sleep(for: length)
            log.withLock { $0.append("end \(index) at \(clock.now)") }
        } catch {
            log.withLock { $0.append("cut short \(index) at \(clock.now)") }
        }
    }
}

struct NoLedger: LedgerReader {
    func readBack(_ entries: [LedgerEntry]) async -> [LedgerEntry] { entries }
}
