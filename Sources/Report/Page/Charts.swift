import History
import Plan
import Verdict

/// The drawings of a run, each from its timeline.
struct Charts {
    private let timeline: Timeline
    private let plan: Plan
    /// Of all routes, by real second.
    private let seconds: [TimelineSecond]

    init(_ timeline: Timeline) {
        self.timeline = timeline
        plan = timeline.run.plan
        seconds = timeline.seconds
    }

    /// Scenario seconds that are drawn: the load, and what was seen after it.
    var duration: Double {
        let last = seconds.map { Double($0.second + 1) }.max() ?? 0
        return max(plan.duration.inSeconds, scenario(last))
    }

    var all: [Chart] {
        ([latency, rate, failures] + tasks + [cpu, hops, open, lateness]).filter { !$0.isEmpty }
    }

    private func scenario(_ realSeconds: Double) -> Double { realSeconds * plan.speed }
    private func scenario(_ time: Nanoseconds) -> Double { plan.scenario(time).inSeconds }

    var bands: [Chart.Band] {
        timeline.faults.flatMap { fault -> [Chart.Band] in
            guard let injected = fault.injected else { return [] }
            let reverted = fault.reverted.map { scenario($0) } ?? duration
            let healed = fault.healed.map { scenario($0) } ?? (fault.reverted == nil ? reverted : duration)
            return [
                Chart.Band(name: fault.name, from: scenario(injected), to: reverted),
                Chart.Band(name: "\(fault.name), healing", from: reverted, to: healed, isHealing: true),
            ].filter { $0.to > $0.from || !$0.isHealing }
        }
    }

    // MARK: Requests

    /// By due second. A percentile that lies among requests without a good answer has no bound.
    private var latency: Chart {
        let answered = seconds.filter { $0.planned > 0 }
        let times = answered.map { scenario(Double($0.second)) }
        let lines = [("p50", \TimelineSecond.p50), ("p95", \.p95), ("p99", \.p99)].map { name, percentile in
            Chart.Line(name: name, times: times, values: answered.map { finite($0[keyPath: percentile]) })
        }
        let never = answered.filter { finite($0.p95) == nil && $0.planned > $0.droppedByUs }
        return Chart(
            id: "latency", title: "Latency of requests due in each second", unit: "ms", scale: .logarithmic,
            lines: lines, never: never.map { scenario(Double($0.second)) },
            neverName: "p95: never answered well")
    }

    private func finite(_ time: Nanoseconds?) -> Double? {
        guard let time, time.count != .max else { return nil }
        return time.inMilliseconds
    }

    private func perSecond(_ name: String, _ value: (TimelineSecond) -> UInt64, isDashed: Bool = false)
        -> Chart.Line
    {
        Chart.Line(
            name: name, times: seconds.map { scenario(Double($0.second)) },
            values: seconds.map { Double(value($0)) }, isStep: true, isDashed: isDashed)
    }

    private var rate: Chart {
        Chart(
            id: "rate", title: "Requests per second", unit: "requests/s", scale: .counted,
            lines: [
                perSecond("planned", \.planned, isDashed: true), perSecond("sent", \.sent),
                perSecond("answered well", \.ok),
            ])
    }

    private var failures: Chart {
        let classes = seconds.reduce(into: [FailureClass: UInt64]()) {
            $0.merge($1.failures, uniquingKeysWith: +)
        }
        let shown = classes.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map(\.key)
        var lines = shown.map { failure in
            Chart.Line(
                name: failure.rawValue, times: seconds.map { scenario(Double($0.second)) },
                values: seconds.map { Double($0.failures[failure] ?? 0) }, isStep: true)
        }
        for (name, value) in [("dropped", \TimelineSecond.dropped), ("unfinished", \.unfinished)]
        where seconds.contains(where: { $0[keyPath: value] > 0 }) {
            lines.append(perSecond(name) { $0[keyPath: value] })
        }
        return Chart(
            id: "failures", title: "Requests without a good answer, by cause", unit: "requests/s",
            lines: lines)
    }

    private var hops: Chart {
        let lines = plan.hops.enumerated().map { place, hop in
            Chart.Line(
                name: "p95 \(hop.name)", times: seconds.map { scenario(Double($0.second)) },
                values: seconds.map { $0.hops.indices.contains(place) ? finite($0.hops[place]) : nil })
        }
        return Chart(
            id: "hops", title: "Steps inside the system", unit: "ms", scale: .logarithmic, lines: lines)
    }

    // MARK: The platform

    /// One drawing a service: what it asks for, and what is healthy in each zone.
    private var tasks: [Chart] {
        let samples = timeline.platform
        return (plan.system?.services ?? []).map(\.name).map { service in
            let healthy = samples.filter { $0.service == service && $0.metric == .healthyTasks }
            let zones = Set(healthy.compactMap(\.zone)).sorted()
            let wanted = samples.filter {
                $0.service == service && $0.metric == .desiredTasks && $0.zone == nil
            }
            let lines =
                [held("desired", wanted, isDashed: true)]
                + zones.map { zone in held("healthy in \(zone)", healthy.filter { $0.zone == zone }) }
            return Chart(
                id: "tasks-\(service)", title: "Tasks of \(service)", unit: "tasks", scale: .counted,
                lines: lines)
        }
    }

    /// Samples are written when something changes: each holds until the next, the last to the end.
    private func held(_ name: String, _ samples: [PlatformSample], isDashed: Bool = false) -> Chart.Line {
        var (times, values) = (
            samples.map { max(0, scenario($0.at)) }, samples.map { Double?.some($0.value) }
        )
        if let last = values.last {
            times.append(duration)
            values.append(last)
        }
        return Chart.Line(name: name, times: times, values: values, isStep: true, isDashed: isDashed)
    }

    private var cpu: Chart {
        let samples = timeline.platform.filter { $0.metric == .cpuUtilization && $0.at >= .zero }
        let lines = Set(samples.map(\.service)).sorted().map { service in
            let own = samples.filter { $0.service == service }
            return Chart.Line(name: service, times: own.map { scenario($0.at) }, values: own.map(\.value))
        }
        return Chart(id: "cpu", title: "CPU of the services, by minute", unit: "%", lines: lines)
    }

    // MARK: The generator

    private var open: Chart {
        let rows = timeline.generator
        let times = rows.map { scenario(Double($0.second)) }
        return Chart(
            id: "open", title: "The generator: open requests and connections", unit: "", scale: .counted,
            lines: [
                Chart.Line(
                    name: "requests", times: times, values: rows.map { Double($0.inFlight) }, isStep: true),
                Chart.Line(
                    name: "connections", times: times, values: rows.map { Double($0.connections) },
                    isStep: true),
            ])
    }

    private var lateness: Chart {
        let rows = timeline.generator.filter { $0.latenessP99 != nil }
        return Chart(
            id: "lateness", title: "The generator: sent after due", unit: "ms", scale: .logarithmic,
            lines: [
                Chart.Line(
                    name: "p99", times: rows.map { scenario(Double($0.second)) },
                    values: rows.map { finite($0.latenessP99) })
            ])
    }
}
