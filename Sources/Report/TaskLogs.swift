import History
import Verdict

/// What the tasks complained of in a run that was not kept: lines that differ in figures and names only are one.
enum TaskLogs {
    static let shownMax = 12

    static func blocks(_ recording: Recording, _ verdict: Verdict) -> [Block] {
        let complaints = recording.events.filter { $0.kind == .log }
        guard !complaints.isEmpty, verdict.answer > .knownBroken else { return [] }
        let alike = Dictionary(grouping: complaints) { "\($0.subject) \(shape($0.text))" }.values
            .compactMap { lines in lines.min { $0.at < $1.at }.map { (first: $0, count: lines.count) } }
        // The most frequent are kept, and told in the order of time.
        let shown = alike.sorted { $0.count == $1.count ? precedes($0.first, $1.first) : $0.count > $1.count }
            .prefix(shownMax).sorted { precedes($0.first, $1.first) }
        let clocks = Clocks(plan: recording.run.plan)
        var table = Table([.right, .right, .left, .right, .left])
        table.header(["scenario", "real", "service", "lines", "the first of them"])
        for (first, count) in shown {
            table.row([
                clocks.scenario(first.at), clocks.real(first.at), first.subject, Wording.count(count),
                first.text,
            ])
        }
        let rest = complaints.count - shown.reduce(0) { $0 + $1.count }
        return [.table(table)]
            + (rest > 0 ? [.line("and \(Wording.count(rest)) others, in the recording's log")] : [])
    }

    /// Lines of one moment have an order too, or a report would not be the same twice.
    private static func precedes(_ a: Event, _ b: Event) -> Bool {
        (a.at, a.text, a.subject) < (b.at, b.text, b.subject)
    }

    /// A line without what differs from one to the next: words with a figure in them.
    private static func shape(_ text: String) -> String {
        text.split(separator: " ").map { $0.contains(where: \.isNumber) ? "#" : $0 }.joined(separator: " ")
    }
}
