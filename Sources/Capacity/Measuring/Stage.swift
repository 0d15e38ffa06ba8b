package import History
import Plan
import Verdict

/// What one stage has shown, from its recording.
package struct Stage: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        case met
        case missed
        /// It tells nothing about the system; why.
        case invalid(String)
        /// The generator was the limit; why.
        case generator(String)
    }

    /// A step inside the system, in ms.
    package struct Hop: Hashable, Sendable {
        package var name: String
        package var p95: Double
        package var p99: Double

        package init(name: String, p95: Double, p99: Double) {
            (self.name, self.p95, self.p99) = (name, p95, p99)
        }
    }

    package var run: String
    package var service: String
    package var tasks: Int
    /// Requests a real second, as planned.
    package var rate: Double
    package var outcome: Outcome
    /// Real seconds that were measured.
    package var seconds: Int
    package var ok: UInt64
    package var errorRate: Double
    /// User view, in ms; nil: without a bound.
    package var p50: Double?
    package var p95: Double?
    package var p99: Double?
    /// Of what the tasks of a service, or the database, have: 0…1.
    package var cpu: [String: Double]
    package var hops: [Hop]

    package init(
        run: String, service: String, tasks: Int, rate: Double, outcome: Outcome, seconds: Int = 0,
        ok: UInt64 = 0, errorRate: Double = 0, p50: Double? = nil, p95: Double? = nil, p99: Double? = nil,
        cpu: [String: Double] = [:], hops: [Hop] = []
    ) {
        self.run = run
        self.service = service
        self.tasks = tasks
        self.rate = rate
        self.outcome = outcome
        self.seconds = seconds
        self.ok = ok
        self.errorRate = errorRate
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
        self.cpu = cpu
        self.hops = hops
    }

    /// Good answers a real second.
    package var throughput: Double { seconds == 0 ? 0 : Double(ok) / Double(seconds) }
}

extension Stage {
    /// nil: the recording is of no stage.
    package init?(_ recording: Recording) {
        let plan = recording.run.plan
        guard case .open(let phases) = plan.streams[0].load, let hold = phases.last, hold.kind == .hold,
            case .scale(let service, let tasks)? = plan.faults.first?.fault
        else { return nil }
        let rows = recording.measuredRows
        let totals = Totals(rows)
        let counted = totals.planned - totals.droppedByUs
        func latency(_ percentile: Double) -> Double? {
            totals.latency(percentile).flatMap { $0.count == .max ? nil : $0.inMilliseconds }
        }
        self.init(
            run: recording.run.id, service: service, tasks: tasks, rate: hold.startRate,
            outcome: Self.outcome(recording), seconds: Set(rows.map(\.second)).count, ok: totals.ok,
            errorRate: counted == 0 ? 0 : Double(totals.bad) / Double(counted), p50: latency(50),
            p95: latency(95), p99: latency(99), cpu: Self.cpu(recording),
            hops: plan.hops.enumerated().compactMap { place, hop in
                let times = rows.hop(place)
                guard let p95 = times.value(atPercentile: 95), let p99 = times.value(atPercentile: 99) else {
                    return nil
                }
                return Hop(name: hop.name, p95: p95.inMilliseconds, p99: p99.inMilliseconds)
            })
    }

    /// The mean of the minutes in which only the held rate was played.
    private static func cpu(_ recording: Recording) -> [String: Double] {
        let plan = recording.run.plan
        let minute = plan.real(.seconds(60))
        let from = plan.real(plan.measuredFrom) + minute
        // CloudWatch tells of a minute at its end, and of the last one when the load is over.
        let to = (recording.run.loadEnded ?? plan.real(plan.duration)) + minute
        let samples = recording.platform.filter {
            $0.metric == .cpuUtilization && $0.zone == nil && (from...to).contains($0.at)
        }
        return Dictionary(grouping: samples, by: \.service).mapValues { own in
            own.reduce(0) { $0 + $1.value } / Double(own.count) / 100
        }
    }

    /// The verdict's own answers: what meets the objective with its whole interval is met; what does not, is not.
    private static func outcome(_ recording: Recording) -> Outcome {
        let verdict = judge(recording)
        if recording.run.ending != .completed {
            // A stop condition is an answer: the system did not stand this rate.
            guard recording.run.ending == .stopped else {
                return .invalid("the run did not complete: \(recording.run.problem ?? "no reason was given")")
            }
            return .missed
        }
        for fault in recording.faults where fault.effect == nil {
            return .invalid("\(fault.name) was not proved: \(fault.problem ?? "no reason was given")")
        }
        var isMet = true
        for finding in verdict.findings {
            switch (finding.expectation.check, finding.answer) {
            case (_, .kept), (_, .knownBroken): break
            case (.tasks, _): return .invalid("\(finding.expectation.text): \(finding.measured)")
            // What is unknown for too little data is not shown to be carried; what the generator may have caused tells
            // nothing.
            case _ where finding.doubt?.cause == .generator: return .generator(finding.reason)
            default: isMet = false
            }
        }
        return isMet ? .met : .missed
    }
}
