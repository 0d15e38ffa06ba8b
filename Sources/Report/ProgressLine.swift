package import History
package import Plan
import Verdict

/// The live view: one line a second, drawn over the last.
package enum ProgressLine {
    /// What a person wants to see while it runs: time, phase, rate, latency, errors, tasks, faults, time left.
    ///
    /// `now` is real time since the start of the load. Figures are those of the last second whose requests have all
    /// ended or could have: two seconds ago. Never longer than `width`.
    package static func text(_ timeline: Timeline, now: Nanoseconds, _ style: Style, width: Int) -> String {
        let plan = timeline.run.plan
        let clocks = Clocks(plan: plan)
        var parts: [(text: String, colour: Style.Colour?)] = [
            ("\(clocks.scenario(now)) \(phase(plan, now))", .bold)
        ]
        if let second = timeline.seconds.last(where: { $0.second == now.second - 2 }) {
            parts.append(("\(Wording.count(second.planned))/s", nil))
            parts.append(("p50 \(Wording.duration(second.p50))", nil))
            parts.append(("p95 \(Wording.duration(second.p95))", nil))
        }
        let errors = timeline.seconds.filter { $0.second < now.second - 1 }.reduce(0) {
            $0 + $1.failed + $1.dropped + $1.unfinished
        }
        parts.append((Wording.count(errors) + (errors == 1 ? " error" : " errors"), errors > 0 ? .red : nil))
        if let tasks = healthyTasks(timeline) { parts.append((tasks, nil)) }
        for fault in timeline.faults where isActive(fault) { parts.append((fault.name, .yellow)) }
        let left = plan.real(plan.duration) - now
        parts.append((left > .zero ? "\(clocks.real(left)) left" : "draining", .dim))
        return fitted(parts, style, width)
    }

    private static func phase(_ plan: Plan, _ now: Nanoseconds) -> String {
        if now < .zero { return "starting" }
        var end = Nanoseconds.zero
        for phase in plan.longestStream.load.phases {
            end += phase.duration
            if plan.scenario(now) < end { return phase.kind.rawValue }
        }
        return "done"
    }

    private static func isActive(_ fault: FaultRecord) -> Bool {
        switch fault.state {
        case .journaled, .injected, .reverted, .notHealed: true
        case .planned, .healed, .skipped: false
        }
    }

    /// `healthy 1a:2 1b:2`, the last sample of each service's tasks added up by zone; nil: not observed.
    private static func healthyTasks(_ timeline: Timeline) -> String? {
        struct Place: Hashable {
            var service: String
            var zone: String
        }
        var latest: [Place: Int] = [:]
        for sample in timeline.platform where sample.metric == .healthyTasks {
            guard let zone = sample.zone else { continue }
            latest[Place(service: sample.service, zone: zone)] = Int(sample.value)
        }
        guard !latest.isEmpty else { return nil }
        let zones = Dictionary(grouping: latest, by: \.key.zone).mapValues { $0.reduce(0) { $0 + $1.value } }
        return "healthy "
            + zones.sorted { $0.key < $1.key }.map { "\(short($0.key)):\($0.value)" }.joined(separator: " ")
    }

    /// `1a` of `ap-south-1a`.
    private static func short(_ zone: String) -> String {
        zone.split(separator: "-").last.map(String.init) ?? zone
    }

    /// Whole parts only; what does not fit is left out from the end.
    private static func fitted(_ parts: [(text: String, colour: Style.Colour?)], _ style: Style, _ width: Int)
        -> String
    {
        var line = ""
        var used = 0
        for part in parts {
            let gap = used == 0 ? 0 : 2
            guard used + gap + part.text.count <= width else { break }
            line += String(repeating: " ", count: gap) + style.paint(part.text, part.colour)
            used += gap + part.text.count
        }
        return line
    }
}
