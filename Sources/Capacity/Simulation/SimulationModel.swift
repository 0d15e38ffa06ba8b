package import History
import Plan

/// What a simulated system is made of: fitted to the stages of a measurement, or as AWS has it.
package struct SimulationModel: Hashable, Sendable {
    /// How long requests take while nobody waits, due → done.
    package var ease: LatencyHistogram
    /// Of a task's CPU that one request takes, in seconds, and what it uses without any, 0…1.
    package var perRequest: Double
    package var idle: Double
    /// The service whose tasks have the CPU.
    package var service: String
    /// From the decision until a task serves, on the scenario clock, in seconds.
    package var start: Double
    package var check = HealthCheck()

    /// A target's health check, on the scenario clock, in seconds: AWS's defaults, which are the document's (Load
    /// Balancing: Application Load Balancer).
    package struct HealthCheck: Hashable, Sendable {
        package var interval = 30.0
        package var timeout = 5.0
        package var unhealthy = 3
        package var healthy = 2
    }

    /// Where nothing was measured of it: as long as a Fargate task usually takes.
    package static let usualStart = 60.0

    package init(
        ease: LatencyHistogram, perRequest: Double, idle: Double, service: String, start: Double = usualStart
    ) {
        self.ease = ease
        self.perRequest = perRequest
        self.idle = idle
        self.service = service
        self.start = start
    }

    /// Seconds a request has a task's CPU for itself.
    var serviceTime: Double { perRequest / max(0.05, 1 - idle) }
}

extension SimulationModel {
    /// Stages that use more than this of the CPU tell of waiting, too.
    static let ease = 0.5

    /// Fitted to the recordings of one measurement; nil: none of its stages was carried with ease, or none tells of
    /// CPU.
    package init?(_ recordings: [Recording], service: String) {
        let stages = recordings.compactMap { recording in
            Stage(recording).flatMap { $0.service == service && $0.outcome == .met ? (recording, $0) : nil }
        }
        let points = stages.compactMap { _, stage in
            stage.cpu[service].map { (load: stage.rate / Double(stage.tasks), cpu: $0) }
        }
        guard let line = LeastSquares.solve(points.map { ([1, $0.load], $0.cpu) }), line[1] > 0 else {
            return nil
        }
        var ease = LatencyHistogram()
        for (recording, stage) in stages where (stage.cpu[service] ?? 1) <= Self.ease {
            let from = recording.run.plan.real(recording.run.plan.measuredFrom)
            for row in recording.seconds where Nanoseconds.seconds(Double(row.second)) >= from {
                ease.merge(row.okLatency)
            }
        }
        guard !ease.isEmpty else { return nil }
        let surge = recordings.compactMap { Surge($0, of: service) }.last
        let start = surge.flatMap { surge in surge.decided.flatMap { from in surge.served.map { $0 - from } }
        }
        self.init(
            ease: ease, perRequest: line[1], idle: max(0, line[0]), service: service,
            start: start ?? Self.usualStart)
    }
}
