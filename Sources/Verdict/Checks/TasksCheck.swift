import History
import Plan

extension Evidence {
    /// `tasks between 2 and 4`: at every moment of the window. Samples are written when a value changed.
    func judgeTasks(
        _ count: Expectation.TaskCount, service: String?, _ bound: Bound<Int>,
        _ stretches: [Range<Nanoseconds>]
    ) -> Measurement {
        let metric: PlatformSample.Metric =
            switch count {
            case .desired: .desiredTasks
            case .running: .runningTasks
            case .healthy: .healthyTasks
            }
        let samples = recording.platform.filter { $0.metric == metric }
        let named = service.map { [$0] } ?? plan.system?.services.map(\.name) ?? []
        let services = named.isEmpty ? Set(samples.map(\.service)).sorted() : named
        guard !stretches.isEmpty, !services.isEmpty, !samples.isEmpty else {
            return .unknown(
                stretches.isEmpty
                    ? "this window has no time in it" : "nothing was observed of \(count.rawValue)")
        }
        let findings = services.map { service in
            judge(service, samples.filter { $0.service == service }.countOverTime, bound, stretches)
        }
        var worst = findings.max { $0.answer < $1.answer } ?? findings[0]
        worst.measured = findings.map(\.measured).joined(separator: ", ")
        return worst
    }

    private typealias Step = (at: Nanoseconds, value: Int)

    private func judge(
        _ service: String, _ steps: [Step], _ bound: Bound<Int>, _ stretches: [Range<Nanoseconds>]
    ) -> Measurement {
        var seen: [Step] = []
        var blind = false
        for stretch in stretches {
            if let before = steps.last(where: { $0.at <= stretch.lowerBound }) {
                seen.append((stretch.lowerBound, before.value))
            } else {
                blind = true
            }
            seen += steps.filter { $0.at > stretch.lowerBound && $0.at < stretch.upperBound }
        }
        guard let least = seen.map(\.value).min(), let most = seen.map(\.value).max() else {
            return .unknown(
                "nothing was observed of \(service) in this window", measured: "\(service) not seen")
        }
        let range = least == most ? "\(least)" : "\(least) to \(most)"
        var finding = Measurement(
            answer: .kept, measured: "\(service) \(range)",
            figure: Figure(
                value: nil, low: Double(least), high: Double(most), unit: "tasks", count: UInt64(seen.count)))
        if let miss = seen.first(where: { !bound.holds(for: $0.value) }) {
            finding.answer = .broken
            finding.reason = "\(service) had \(miss.value) at \(Wording.seconds(plan.scenario(miss.at)))"
        } else if blind {
            finding.answer = .unknown
            finding.reason = "\(service) was first observed after the window had begun"
        }
        return finding
    }
}
