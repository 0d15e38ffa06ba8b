import History
import Plan

/// A run in progress, as Prometheus reads it. docs/live.md has the table.
///
/// Counters count seconds that are settled: none of their requests is open any more, or none can be. A second's row is
/// rewritten until then, and a counter must never go down.
struct LiveMetrics {
    private let soFar: RunSoFar
    private let now: Nanoseconds
    /// Of settled seconds, by route.
    private let settled: [Int: Totals]

    init(_ soFar: RunSoFar, now: Nanoseconds) {
        self.soFar = soFar
        self.now = now
        let plan = soFar.run.plan
        let patience = (plan.requests.map(\.deadline).max() ?? Request.defaultDeadline).inSeconds
        let hasEnded = soFar.run.ending != .open
        let rows = soFar.seconds.rows
        let open = Set(rows.filter { $0.unfinished > 0 }.map(\.second))
        settled = rows.filter { row in
            let age = now.second - row.second
            return hasEnded || age >= 2 && (!open.contains(row.second) || Double(age) >= patience + 2)
        }.reduce(into: soFar.seconds.olderRoutes) { $0[$1.route, default: Totals([])].add($1) }
    }

    var text: String {
        var text = PrometheusText()
        run(&text)
        requests(&text)
        for (name, help, histogram) in [
            ("latency", "From due to done", \Totals.latency),
            ("service_time", "From sent to done", \.serviceTime),
        ] {
            durations(&text, "loadchaos_\(name)_seconds", help, histogram)
        }
        generator(&text)
        platform(&text)
        return text.text
    }

    private func run(_ text: inout PrometheusText) {
        let run = soFar.run
        text.family("loadchaos_run_info", .gauge, "The run; always 1.")
        text.sample(
            "loadchaos_run_info",
            [
                ("run", run.id), ("scenario", run.plan.name), ("platform", run.environment.platform),
                ("version", run.version), ("seed", String(run.seed)),
            ], 1)
        text.family(
            "loadchaos_scenario_seconds", .gauge, "Seconds on the scenario's clock since the load began.")
        text.sample("loadchaos_scenario_seconds", [], run.plan.scenario(now).inSeconds)
        text.family(
            "loadchaos_scenario_length_seconds", .gauge, "How long the load is to last, on the same clock.")
        text.sample("loadchaos_scenario_length_seconds", [], run.plan.duration.inSeconds)
        guard !run.plan.faults.isEmpty else { return }
        text.family(
            "loadchaos_fault_active", .gauge, "1 from the injection of a fault until it is seen healed.")
        for (index, fault) in run.plan.faults.enumerated() {
            let record = soFar.faults.first { $0.index == index }
            let isActive = record.map { $0.injected != nil && $0.healed == nil } ?? false
            text.sample("loadchaos_fault_active", [("fault", fault.name)], isActive ? 1 : 0)
        }
    }

    // MARK: Requests

    private func route(_ index: Int) -> (name: String, value: String) {
        let requests = soFar.run.plan.requests
        return ("route", requests.indices.contains(index) ? requests[index].route : "route \(index)")
    }

    private var routes: [Int] { Array(soFar.run.plan.requests.indices) }

    private func of(_ route: Int) -> Totals { settled[route] ?? Totals([]) }

    private func requests(_ text: inout PrometheusText) {
        let counts: [(String, String, (Totals) -> UInt64)] = [
            ("planned", "that were due", { $0.planned }), ("sent", "that were sent", { $0.sent }),
            ("ok", "that were answered well", { $0.ok }),
            ("dropped", "that were never sent", { $0.dropped }),
            ("unfinished", "that had no end within their deadline", { $0.unfinished }),
        ]
        for (name, help, count) in counts {
            let family = "loadchaos_requests_\(name)_total"
            text.family(family, .counter, "Requests \(help), of settled seconds.")
            for index in routes {
                text.sample(family, [route(index)], Double(count(of(index))))
            }
        }
        text.family("loadchaos_requests_failed_total", .counter, "Requests that failed, of settled seconds.")
        for index in routes {
            for (failure, count) in of(index).failuresByClass.sorted(by: { $0.key.rawValue < $1.key.rawValue }
            ) {
                text.sample(
                    "loadchaos_requests_failed_total", [route(index), ("class", failure.rawValue)],
                    Double(count))
            }
        }
    }

    /// In milliseconds; Prometheus' own default bounds, and one below.
    private static let bounds: [Double] = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000]

    private func durations(
        _ text: inout PrometheusText, _ name: String, _ help: String,
        _ histogram: KeyPath<Totals, LatencyHistogram>
    ) {
        text.family(
            name, .histogram,
            "\(help), of good answers in settled seconds; known to 1/256, and so is the sum.")
        for index in routes {
            let merged = of(index)[keyPath: histogram]
            for bound in Self.bounds {
                let above = merged.count(above: .seconds(bound / 1e3))
                text.sample(
                    "\(name)_bucket", [route(index), ("le", PrometheusText.number(bound / 1e3))],
                    Double(merged.total - above))
            }
            text.sample("\(name)_bucket", [route(index), ("le", "+Inf")], Double(merged.total))
            let sum = merged.bins.reduce(0.0) {
                $0 + LatencyHistogram.middle(of: Int($1.bucket)).inSeconds * Double($1.count)
            }
            text.sample("\(name)_sum", [route(index)], sum)
            text.sample("\(name)_count", [route(index)], Double(merged.total))
        }
    }

    // MARK: The generator and the platform

    private func generator(_ text: inout PrometheusText) {
        guard let last = soFar.seconds.generatorFigures.last else { return }
        var gauges: [(String, String, Double)] = [
            ("generator_cpu_ratio", "Of a core, the busiest worker, in the last second.", last.cpuFraction),
            ("generator_in_flight", "Open requests.", Double(last.inFlight)),
            ("generator_connections", "Open connections.", Double(last.connections)),
        ]
        if let lateness = last.latenessP99 {
            gauges.append(
                ("generator_lateness_p99_seconds", "Sent after due, in the last second.", lateness.inSeconds))
        }
        for (name, help, value) in gauges {
            text.family("loadchaos_\(name)", .gauge, help)
            text.sample("loadchaos_\(name)", [], value)
        }
    }

    /// The last sample of each metric, service and zone.
    private func platform(_ text: inout PrometheusText) {
        let last = Dictionary(
            soFar.platform.map {
                (Place(metric: $0.metric, service: $0.service, zone: $0.zone), $0.value)
            },
            uniquingKeysWith: { $1 })
        let families: [(PlatformSample.Metric, String, String)] = [
            (.desiredTasks, "tasks_desired", "Tasks a service asks for."),
            (.runningTasks, "tasks_running", "Tasks that run."),
            (.healthyTasks, "tasks_healthy", "Tasks that run and are healthy at the balancer."),
            (.cpuUtilization, "cpu_percent", "CPU of a service, of the last minute of the scenario's clock."),
        ]
        for (metric, name, help) in families {
            let samples = last.filter { $0.key.metric == metric }.sorted { $0.key < $1.key }
            guard !samples.isEmpty else { continue }
            text.family("loadchaos_\(name)", .gauge, help)
            for (place, value) in samples {
                let zone = place.zone.map { [(name: "zone", value: $0)] } ?? []
                text.sample("loadchaos_\(name)", [("service", place.service)] + zone, value)
            }
        }
    }

    private struct Place: Hashable, Comparable {
        var metric: PlatformSample.Metric
        var service: String
        var zone: String?

        static func < (a: Place, b: Place) -> Bool { (a.service, a.zone ?? "") < (b.service, b.zone ?? "") }
    }
}
