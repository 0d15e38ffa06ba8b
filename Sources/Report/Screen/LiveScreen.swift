import Foundation
package import History
package import Plan
package import Verdict

/// A run in progress as a screen of text: everything over one axis, the scenario's time, with a cursor for now.
package struct LiveScreen {
    /// Smaller ones get lines instead.
    package static let leastWidth = 60
    package static let leastHeight = 12

    private let timeline: Timeline
    private let plan: Plan
    private let now: Nanoseconds
    private let standings: [Standing]
    /// What was said meanwhile that must be seen: the last line.
    private let notice: String?

    /// `now`: real time since the start of the load.
    package init(_ timeline: Timeline, now: Nanoseconds, standings: [Standing], notice: String? = nil) {
        self.timeline = timeline
        plan = timeline.run.plan
        self.now = now
        self.standings = standings
        self.notice = notice
    }

    /// At most `height` lines of at most `width` columns.
    package func lines(_ style: Style, width: Int, height: Int) -> [String] {
        let axis = ScreenAxis(plan: plan, columns: max(10, width - Self.label - Self.reading))
        var lines = [head(width), ScreenLine()] + overTime(axis)
        let rest: [[ScreenLine]] = [tasks, expectations]
        for block in rest where !block.isEmpty { lines += [ScreenLine()] + block }
        let room = height - lines.count - 1 - (notice == nil ? 0 : 1)
        if room > 0 {
            let events = events(room)
            if !events.isEmpty { lines += [ScreenLine()] + events }
        }
        lines = Array(lines.prefix(height - (notice == nil ? 0 : 1)))
        if let notice { lines.append(ScreenLine(notice, .yellow)) }
        return lines.map { $0.text(style, width: width) }
    }

    private static let label = 8
    private static let reading = 26

    private func head(_ width: Int) -> ScreenLine {
        let clocks = Clocks(plan: plan)
        var line = ScreenLine()
        line.add(plan.name, .bold)
        let ended = now >= plan.real(plan.duration)
        line.add("  \(clocks.scenario(now)) of \(clocks.scenario(plan.real(plan.duration)))", .bold)
        line.add(
            ended ? "  draining and healing" : "  \(clocks.real(plan.real(plan.duration) - now)) left", .dim)
        line.add("  \(timeline.run.id)", .dim)
        return line
    }

    // MARK: Over time

    private func overTime(_ axis: ScreenAxis) -> [ScreenLine] {
        // The newest two seconds still change.
        let settled = timeline.seconds.filter { $0.second < now.second - 1 }
        let columns = axis.columns(settled)
        let latest = settled.last.flatMap { $0.second == now.second - 2 ? $0 : nil }
        let bad = settled.reduce(0) { $0 + $1.bad }
        let bound = standings.compactMap { standing -> Double? in
            guard case .latency(95, .below(let bound)) = standing.expectation.check else { return nil }
            return bound.inMilliseconds
        }.min()
        return faults(axis) + [
            cursor(axis),
            spark(
                "p95", columns.map { $0.map { $0.p95 ?? .infinity } }, low: 1,
                high: max(bound.map { $0 * 2 } ?? 0, columns.compactMap { $0?.p95 }.max() ?? 0, 10),
                isLogarithmic: true,
                isBad: { value in value == .infinity || bound.map { value >= $0 } ?? false },
                latest.map {
                    Wording.duration($0.p95) + (bound.map { " of \(Canvas.duration($0))" } ?? "")
                }),
            spark(
                "rate", columns.map { $0?.ok }, low: 0, high: columns.compactMap { $0?.planned }.max() ?? 1,
                isBad: { _ in false },
                latest.map { "\(Wording.count($0.ok)) of \(Wording.count($0.planned))/s good" }),
            spark(
                "bad", columns.map { column in column.flatMap { $0.bad > 0 ? $0.bad : nil } }, low: 0,
                high: columns.compactMap { $0?.bad }.max() ?? 1, isBad: { _ in true },
                "\(Wording.count(bad)) without a good answer"
            ),
        ]
    }

    /// A bar for each fault, as long as it is planned; what has happened of it in words.
    private func faults(_ axis: ScreenAxis) -> [ScreenLine] {
        plan.faults.enumerated().prefix(4).map { index, fault in
            let record = timeline.faults.first { $0.index == index }
            let from = axis.column(fault.at)
            let to = max(from + 1, axis.column(fault.at + (fault.duration ?? .zero)))
            var line = ScreenLine(Self.padded(index == 0 ? "faults" : "", Self.label), .dim)
            line.add(String(repeating: "·", count: from), .dim)
            let (word, colour) = Self.stage(record)
            line.add(String(repeating: "█", count: min(to, axis.count) - from), colour)
            line.add(String(repeating: "·", count: max(0, axis.count - to)), .dim)
            line.add(" \(fault.name): \(word)", colour == .dim ? .dim : nil)
            return line
        }
    }

    private static func stage(_ record: FaultRecord?) -> (String, Style.Colour) {
        guard let record else { return ("planned", .dim) }
        return switch record.state {
        case .planned: ("planned", .dim)
        case .journaled: ("begins", .yellow)
        case .injected: (record.effect == nil ? "injected, effect not seen yet" : "in place", .red)
        case .reverted: ("reverted, healing", .yellow)
        case .healed: ("healed", .green)
        case .skipped: ("not injected", .dim)
        case .notHealed: ("NOT HEALED", .red)
        }
    }

    private func cursor(_ axis: ScreenAxis) -> ScreenLine {
        let place = min(axis.column(plan.scenario(max(now, .zero))), axis.count - 1)
        var line = ScreenLine(String(repeating: " ", count: Self.label))
        line.add(String(repeating: "─", count: place), .dim)
        line.add("▼", .bold)
        line.add(String(repeating: "─", count: axis.count - place - 1), .dim)
        return line
    }

    /// Neighbours of one colour are one piece.
    private func spark(
        _ name: String, _ values: [Double?], low: Double, high: Double, isLogarithmic: Bool = false,
        isBad: (Double) -> Bool, _ reading: String?
    ) -> ScreenLine {
        var line = ScreenLine(Self.padded(name, Self.label), .dim)
        let text = Array(Sparkline.text(values, low: low, high: high, isLogarithmic: isLogarithmic))
        var start = 0
        for place in 1...text.count {
            let colour = values[start].map(isBad) == true
            if place < text.count, (values[place].map(isBad) == true) == colour { continue }
            line.add(String(text[start..<place]), colour ? .red : .green)
            start = place
        }
        line.add(" " + (reading ?? ""))
        return line
    }

    // MARK: The platform and the promises

    /// A filled dot a healthy task, an empty one each that is wanted beside.
    private var tasks: [ScreenLine] {
        (plan.system?.services ?? []).compactMap { service in
            let own = timeline.platform.filter { $0.service == service.name }
            let healthy = own.filter { $0.metric == .healthyTasks && $0.zone != nil }
            guard !healthy.isEmpty else { return nil }
            var line = ScreenLine(Self.padded(service.name, 12), .dim)
            let zones = Set(healthy.compactMap(\.zone)).sorted().map { zone in
                (name: zone, count: Int(healthy.last { $0.zone == zone }?.value ?? 0))
            }
            let sum = zones.reduce(0) { $0 + $1.count }
            let desired = Int(own.last { $0.metric == .desiredTasks }?.value ?? 0)
            for zone in zones {
                line.add("  \(zone.name) ")
                // A service may have fewer tasks than there are zones.
                let isMissed = zone.count == 0 && sum < desired
                line.add(
                    zone.count == 0 ? "-" : String(repeating: "●", count: zone.count),
                    zone.count > 0 ? .green : isMissed ? .red : .dim)
            }
            if desired > sum {
                line.add("  " + String(repeating: "○", count: min(desired - sum, 20)), .yellow)
            }
            let cpu = own.last { $0.metric == .cpuUtilization }?.value
            line.add("  \(desired) wanted" + (cpu.map { ", CPU \(Int($0.rounded()))%" } ?? ""), .dim)
            return line
        }
    }

    private var expectations: [ScreenLine] {
        standings.map { standing in
            let (mark, colour): (String, Style.Colour) =
                switch standing.state {
                case .pending: ("· pending", .dim)
                case .holding: ("✓ so far ", .green)
                case .failing: ("! missing", .yellow)
                case .broken: ("✗ broken ", .red)
                }
            var line = ScreenLine(mark + "  ", colour)
            line.add(standing.expectation.text)
            if !standing.measured.isEmpty { line.add("  \(standing.measured)", .dim) }
            return line
        }
    }

    /// The newest, a task's own complaints left out.
    private func events(_ count: Int) -> [ScreenLine] {
        timeline.events.filter { $0.kind != .log }.suffix(count).map {
            ScreenLine(EventLog.line($0, plan, .plain), .dim)
        }
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// The scenario's time in columns of text.
struct ScreenAxis {
    struct Column {
        /// Of the seconds in it: the slowest p95, in ms; nil: without a bound.
        var p95: Double?
        /// A second's mean.
        var ok: Double
        var planned: Double
        var bad: Double
    }

    let plan: Plan
    let count: Int

    init(plan: Plan, columns: Int) {
        self.plan = plan
        count = columns
    }

    /// 0 to `count`.
    func column(_ scenario: Nanoseconds) -> Int {
        let part = scenario.inSeconds / max(plan.duration.inSeconds, 1e-9)
        return min(count, max(0, Int((part * Double(count)).rounded(.down))))
    }

    /// nil: no second of it has passed.
    func columns(_ seconds: [TimelineSecond]) -> [Column?] {
        let settled = seconds.filter { $0.planned > 0 }
        let grouped = Dictionary(grouping: settled) { row in
            min(count - 1, column(plan.scenario(.seconds(Double(row.second)))))
        }
        let reached = settled.last.map { column(plan.scenario(.seconds(Double($0.second + 1)))) } ?? 0
        var last: Column?
        return (0..<count).map { place in
            // Where a second is wider than a column, it fills all of its own.
            guard let rows = grouped[place] else { return place < reached ? last : nil }
            last = Self.column(rows)
            return last
        }
    }

    private static func column(_ rows: [TimelineSecond]) -> Column {
        let latencies = rows.map(\.p95)
        let isEndless = latencies.contains { $0 == nil || $0?.count == .max }
        func mean(_ value: (TimelineSecond) -> UInt64) -> Double {
            Double(rows.reduce(0) { $0 + value($1) }) / Double(rows.count)
        }
        return Column(
            p95: isEndless ? nil : latencies.compactMap { $0?.inMilliseconds }.max(), ok: mean(\.ok),
            planned: mean(\.planned), bad: mean(\.bad))
    }
}
