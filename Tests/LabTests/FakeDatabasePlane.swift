import Lab
import Synchronization

/// Two database instances that do what the test says; by themselves they work.
final class FakeDatabasePlane: DatabasePlane {
    struct State {
        var reading = DatabaseReading(
            primary: .init(), standby: .init(runs: false, answers: false), replication: .none)
        var log: [String] = []
        /// Steps that fail, by the first word of their line in the log.
        var failing: Set<String> = []
    }

    private let state = Mutex(State())

    var now: State { state.withLock { $0 } }
    func script(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    private func record(_ line: String, _ change: (inout State) -> Void = { _ in }) throws {
        try state.withLock {
            $0.log.append(line)
            if $0.failing.contains(String(line.prefix { $0 != " " })) {
                throw FakeDataPlane.Refused(description: "\(line) fails")
            }
            change(&$0)
        }
    }

    func lookAtDatabase(primary: String, standby: String) async -> DatabaseReading { now.reading }

    func databaseVersion(_ zone: String) async -> String? { now.reading.primary.answers ? "15.18" : nil }

    func setCommitsWait(_ wait: Bool, at primary: String) async throws {
        try record("wait \(wait) at \(primary)") { $0.reading.replication = wait ? .synchronous : .streaming }
    }

    func joinStandby(_ zone: String, to primary: String, fresh: Bool) async throws {
        try record("join \(zone) to \(primary)\(fresh ? " fresh" : "")") {
            $0.reading.standby = .init()
            $0.reading.replication = .streaming
        }
    }

    func fenceDatabase(_ zone: String) async throws { try record("fence \(zone)") }

    func promoteDatabase(_ zone: String) async throws {
        try record("promote \(zone)") {
            $0.reading.primary = .init()
            $0.reading.standby = .init(runs: false, answers: false)
            $0.reading.replication = .none
        }
    }

    func restartDatabase(_ zone: String) async throws {
        try record("restart \(zone)") { $0.reading.primary = .init() }
    }

    func stopDatabase(_ zone: String) async throws {
        try record("stop \(zone)") { $0.reading.standby = .init(runs: false, answers: false) }
    }

    func pointEndpoint(at zone: String) async {
        state.withLock { $0.log.append("point at \(zone)") }
    }
}
