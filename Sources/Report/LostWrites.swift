import History
import Plan
import Verdict

/// The tracked writes that were acknowledged and are gone, by key, so that each can be looked for.
enum LostWrites {
    /// All of them are in the recording's `ledger`; more than a screen full helps nobody here.
    static let shownMax = 100

    static func blocks(_ recording: Recording) -> [Block] {
        let clocks = Clocks(plan: recording.run.plan)
        let gone = recording.ledger.filter {
            $0.answer == .acknowledged && ($0.readBack == .absent || $0.readBack == .corrupt)
        }.sorted { ($0.answeredAt ?? .zero, $0.index) < ($1.answeredAt ?? .zero, $1.index) }
        guard !gone.isEmpty else { return [] }
        var table = Table([.left, .right, .right, .left])
        table.header(["key", "acknowledged", "real", "found"])
        for write in gone.prefix(shownMax) {
            table.row([
                write.key, write.answeredAt.map(clocks.scenario) ?? "-",
                write.answeredAt.map(clocks.real) ?? "-",
                write.readBack.rawValue,
            ])
        }
        let rest = gone.count - shownMax
        return [.table(table)]
            + (rest > 0 ? [.line("and \(Wording.count(rest)) more, in the recording's ledger")] : [])
    }
}
