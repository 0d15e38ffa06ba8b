package import HTTP
package import History
import Plan

/// Reads tracked writes back over HTTP, past caches, at a bounded rate, some at a time.
///
/// A read that says nothing of the write (no connection, 5xx, 429) is tried again; only a definite 404 or
/// 410 is absent.
package struct LedgerReadBack: LedgerReader {
    /// Reads in flight, and tries for one entry: Jepsen's readers retry until they know.
    package static let concurrency = 8
    package static let tries = 5
    package static let readsPerSecond = 400.0

    private let client: Client
    private let baseURL: String
    private let connection: ConnectionSettings
    private let clock: any RunClock

    package init(
        client: Client, baseURL: String, connection: ConnectionSettings = ConnectionSettings(),
        clock: any RunClock
    ) {
        self.client = client
        self.baseURL = baseURL
        self.connection = connection
        self.clock = clock
    }

    package func readBack(_ entries: [LedgerEntry]) async -> [LedgerEntry] {
        let start = clock.now
        return await withTaskGroup(of: (Int, LedgerEntry.ReadBack).self) { group in
            var found = entries
            for (number, entry) in entries.enumerated() {
                if number >= Self.concurrency, let (at, answer) = await group.next() {
                    found[at].readBack = answer
                }
                let due = start + .seconds(Double(number) / Self.readsPerSecond)
                // Cancelled: the rest stays not-read.
                do { try await clock.sleep(until: due) } catch { break }
                group.addTask { (number, await read(entry)) }
            }
            for await (at, answer) in group { found[at].readBack = answer }
            return found
        }
    }

    private func read(_ entry: LedgerEntry) async -> LedgerEntry.ReadBack {
        let request = ClientRequest(
            url: baseURL + entry.readPath,
            headers: [ClientHeader("Cache-Control", "no-cache"), ClientHeader("Accept", "application/json")],
            timeout: .seconds(5), connection: connection)
        for attempt in 0..<Self.tries {
            do {
                let answer = try await client.send(request)
                if let known = ReadBackAnswer.judge(status: answer.status, body: answer.body, sent: entry) {
                    return known
                }
                try await clock.sleep(for: .milliseconds(Int64(200 << attempt)))
            } catch is CancellationError {
                return .notRead
            } catch {
                // No answer says nothing of the write; it stays not-read after the last try, and the verdict says so.
                do { try await clock.sleep(for: .milliseconds(Int64(200 << attempt))) } catch {
                    return .notRead
                }
            }
        }
        return .notRead
    }
}
