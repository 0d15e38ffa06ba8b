package import History
package import Plan
import Verdict

/// What happened when, on both clocks.
package enum EventLog {
    /// The log of a whole run, without the tasks' own (TaskLogs). Times of faults that no event tells of are added.
    static func blocks(_ events: [Event], _ faults: [FaultRecord], _ plan: Plan) -> [Block] {
        var table = Table([.right, .right, .left, .left])
        table.header(["scenario", "real", "", "event"])
        let all = (events.filter { $0.kind != .log } + missing(events, faults)).enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        let clocks = Clocks(plan: plan)
        for event in all { table.row(cells(event, clocks)) }
        return [.table(table)]
    }

    /// One line for one event, as it happens: for output that is not a terminal.
    package static func line(_ event: Event, _ plan: Plan, _ style: Style) -> String {
        let cells = cells(event, Clocks(plan: plan))
        return "\(cells[0].text) (\(cells[1].text))  \(cells[2].text)  "
            + style.paint(cells[3].text, cells[3].colour)
    }

    private static func cells(_ event: Event, _ clocks: Clocks) -> [Table.Cell] {
        let colour: Style.Colour? =
            switch event.kind {
            case .phase: .bold
            case .fault: .yellow
            case .warning: .yellow
            case .stopped: .red
            case .platform, .probe, .log: nil
            }
        // ECS's own lines begin with whom they are about: `(service nginx) has…`.
        let begins = event.text.prefix(event.subject.count + "(service ".count)
        let text = begins.contains(event.subject) ? event.text : "\(event.subject): \(event.text)"
        return [
            Table.Cell(clocks.scenario(event.at)), Table.Cell(clocks.real(event.at)),
            Table.Cell(event.kind.rawValue, .dim), Table.Cell(text, colour),
        ]
    }

    private static func missing(_ events: [Event], _ faults: [FaultRecord]) -> [Event] {
        let told = Set(events.filter { $0.kind == .fault }.map(Told.init))
        return faults.flatMap { fault -> [Event] in
            let times: [(Nanoseconds?, String)] = [
                (fault.injected, "injected"), (fault.effect, "effect: \(fault.effectProof ?? "observed")"),
                (fault.reverted, "reverted"), (fault.healed, "healed: \(fault.healedProof ?? "observed")"),
            ]
            return times.compactMap { time, text in
                time.map { Event(at: $0, kind: .fault, subject: fault.name, text: text) }
            }
        }.filter { !told.contains(Told($0)) }
    }

    /// To the nanosecond: a fault that has nothing to revert is reverted within a millisecond of its effect.
    private struct Told: Hashable {
        var at: Nanoseconds
        var fault: String

        init(_ event: Event) { (at, fault) = (event.at, event.subject) }
    }
}
