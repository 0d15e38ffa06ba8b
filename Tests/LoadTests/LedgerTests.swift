import History
import Load
import Plan
import Synchronization
import TestKit
import Testing

@Suite(.serialized) struct LedgerTests {
    static let write = Request(
        route: "POST /items", weight: 1, method: .post, path: Template(literal: "/items"),
        body: Request.Body(contentType: "application/json", template: Template([.uuid])),
        tracking: Tracking(readBack: Template([.literal("/items/"), .uuid])), timeout: .milliseconds(300),
        deadline: .milliseconds(600))

    @Test(
        arguments: [
            (.ok, .acknowledged),
            (.bytes(Array("HTTP/1.1 409 No\r\nContent-Length: 0\r\n\r\n".utf8)), .failed),
            (.bytes(Array("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n".utf8)), .indeterminate),
            (.stall, .indeterminate),
            (.reset, .indeterminate),
        ] as [(ScriptedTarget.Behaviour, LedgerEntry.Answer)])
    func `each tracked write ends as its answer says`(
        behaviour: ScriptedTarget.Behaviour, answer: LedgerEntry.Answer
    ) async throws {
        let target = try ScriptedTarget { _ in behaviour }
        defer { target.stop() }
        let play = try await Play.run(Play.hold(100, for: 0.2), port: target.port, requests: [Self.write])
        #expect(play.ledger.count == 20)
        #expect(play.ledger.values.allSatisfy { $0.answer == answer && $0.answeredAt != nil })
        // The ledger holds what was sent.
        let sent = Set(target.requests.compactMap { $0.split(separator: "\r\n").last.map(String.init) })
        #expect(Set(play.ledger.values.map(\.body)) == sent && Set(play.ledger.values.map(\.key)) == sent)
    }

    @Test func `a write that never left is failed`() async throws {
        let target = try ScriptedTarget()
        target.stop()
        let play = try await Play.run(Play.hold(100, for: 0.1), port: 1, requests: [Self.write])
        #expect(play.ledger.values.map(\.answer) == Array(repeating: .failed, count: 10))
    }

    @Test func `no write is sent before its row is durable`() async throws {
        let history = MemoryHistory()
        let early = Mutex(0)
        let target = try ScriptedTarget { _ in
            // The target sees the rows that were committed when the request came.
            let rows = history.entries.filter { if case .ledger = $0 { true } else { false } }
            if rows.isEmpty { early.withLock { $0 += 1 } }
            return .ok
        }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(100, for: 0.2), port: target.port, requests: [Self.write], history: history)
        #expect(early.withLock { $0 } == 0 && play.ledger.count == 20)
    }

    @Test func `writes whose rows cannot be made durable are dropped, by us`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let history = MemoryHistory(refusesCommits: true)
        let play = try await Play.run(
            Play.hold(100, for: 0.2), port: target.port, requests: [Self.write], history: history)
        #expect(play.summary.dropped == 20 && play.rows.reduce(0) { $0 + $1.droppedByUs } == 20)
        #expect(target.requests.isEmpty && play.summary.ledgerProblem != nil)
        #expect(play.history.events.map(\.kind) == [.warning])
    }

    @Test func `users wait for the rows of their writes`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let play = try await Play.run(
            .closed(users: 2, duration: .milliseconds(200)), port: target.port, requests: [Self.write])
        let answers = play.ledger.values.map(\.answer)
        #expect(answers.filter { $0 == .acknowledged }.count == Int(play.summary.ok) && play.summary.ok > 0)
        // Rows were made ahead for writes that no user came to.
        #expect(answers.allSatisfy { $0 == .acknowledged || $0 == .dropped })
    }
}
