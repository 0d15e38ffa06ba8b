import Foundation
import HTTP
import History
import Load
import Plan
import TestKit
import Testing

/// A short load against a scripted target, in real time: the engine drives real sockets, which no simulated
/// clock can.
struct Play {
    var summary: LoadSummary
    var history: MemoryHistory

    /// The last state of each row.
    var rows: [LoadSecond] {
        var rows: [[Int]: LoadSecond] = [:]
        for case .load(let row) in history.entries { rows[[row.second, row.route]] = row }
        return rows.values.sorted { ($0.second, $0.route) < ($1.second, $1.route) }
    }

    var failures: [FailureClass: UInt64] {
        var failures: [FailureClass: UInt64] = [:]
        for failure in rows.flatMap(\.failures) { failures[failure.failure, default: 0] += failure.count }
        return failures
    }

    /// The last state of each ledger row.
    var ledger: [UInt64: LedgerEntry] {
        var ledger: [UInt64: LedgerEntry] = [:]
        for case .ledger(let entry) in history.entries { ledger[entry.index] = entry }
        return ledger
    }

    static func run(
        _ load: LoadModel, port: Int, addresses: [String] = ["127.0.0.1"], requests: [Request] = [get()],
        limit: Int? = nil, workers: Int = 2, bodyLimit: UInt64 = 64 << 20,
        history: MemoryHistory = MemoryHistory(), origin: Nanoseconds = MonotonicClock.machineTime,
        hops: [System.Hop] = [], arrivals: Arrivals = .even,
        reconnect: Reconnect? = nil, journey: Journey? = nil, tables: [DataTable] = [],
        over transport: Transport? = nil,
        connection: ConnectionSettings = ConnectionSettings(), handshakes: Handshakes = .whole,
        during: @Sendable @escaping (LoadEngine) -> Void = { _ in }
    ) async throws -> Play {
        let system = System(
            name: "test", region: "r", zones: [], cluster: "c", balancer: "b", balancedService: "s",
            services: [],
            hops: hops)
        let plan = Plan(
            name: "test", load: load, requests: requests, system: hops.isEmpty ? nil : system,
            inFlightLimit: limit, transport: transport, arrivals: arrivals, tables: tables,
            reconnect: reconnect, handshakes: handshakes, journey: journey)
        return try await run(
            plan, port: port, addresses: addresses, workers: workers, bodyLimit: bodyLimit, history: history,
            origin: origin, connection: connection, during: during)
    }

    static func run(
        _ plan: Plan, port: Int, addresses: [String] = ["127.0.0.1"], workers: Int = 2,
        bodyLimit: UInt64 = 64 << 20, history: MemoryHistory = MemoryHistory(),
        origin: Nanoseconds = MonotonicClock.machineTime,
        connection: ConnectionSettings = ConnectionSettings(),
        during: @Sendable @escaping (LoadEngine) -> Void = { _ in }
    ) async throws -> Play {
        let target = LoadTarget(
            scheme: plan.transport == nil ? "http" : "https", host: "target.test", port: port,
            addresses: addresses,
            connection: connection, bodyLimit: bodyLimit)
        let engine = try LoadEngine(
            plan: plan, target: target, seed: 1, runID: "run", origin: origin, writer: history,
            workers: workers)
        during(engine)
        let play = Play(summary: try await engine.play(), history: history)
        play.expectConservation()
        return play
    }

    /// Every row ever written, not only the last ones, and the sum.
    private func expectConservation() {
        for case .load(let row) in history.entries { #expect(row.isConserved, "\(row.second)") }
        let rows = rows
        #expect(rows.reduce(0) { $0 + $1.planned } == summary.planned)
        #expect(rows.reduce(0) { $0 + $1.ok } == summary.ok)
        #expect(rows.reduce(0) { $0 + $1.failed } == summary.failed)
        #expect(summary.planned == summary.sent + summary.dropped)
        #expect(summary.sent == summary.ok + summary.failed + summary.unfinished)
        for row in rows {
            #expect(row.okLatency.total == row.ok && row.okServiceTime.total == row.ok)
            #expect(row.failures.reduce(0) { $0 + $1.count } == row.failed)
        }
    }

    /// For `during`: ends the load once it has got so far, so that a busy machine is given the time it needs.
    static func stop(when hasGotSoFar: @Sendable @escaping () -> Bool) -> @Sendable (LoadEngine) -> Void {
        { engine in
            Thread.detachNewThread {
                let patience = MonotonicClock.machineTime + .seconds(30)
                while !hasGotSoFar(), MonotonicClock.machineTime < patience { usleep(5000) }
                engine.stop()
            }
        }
    }

    static func hold(_ rate: Double, for seconds: Double) -> LoadModel {
        .open([Phase(.hold, startRate: rate, endRate: rate, duration: .seconds(seconds))])
    }

    static func get(
        timeout: Nanoseconds = .milliseconds(500), deadline: Nanoseconds = .milliseconds(800),
        expecting: [Int] = []
    ) -> Request {
        Request(
            route: "GET /", weight: 1, method: .get, path: Template(literal: "/"),
            expectedStatuses: expecting,
            timeout: timeout, deadline: deadline)
    }
}
