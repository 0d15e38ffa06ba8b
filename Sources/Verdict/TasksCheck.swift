import History
import Plan

/// A count of tasks, at every moment of the window, from what the platform reported.
enum TasksCheck {
    static func judge(
        _ expectation: Expectation, _ kind: Expectation.TaskCount, _ service: String?, _ bound: Bound<Int>,
        _ evidence: Evidence
    ) -> Finding {
        switch evidence.seconds(of: expectation.window) {
        case .failure(let missing):
            return Finding(expectation: expectation, answer: .unknown, measured: "–", reason: missing.reason)
        case .success(let seconds):
            let services = service.map { [$0] } ?? evidence.plan.system?.services.map(\.name) ?? []
            let covered = Set(seconds.map(\.second))
            var answer = services.isEmpty ? Answer.unknown : .kept
            var words: [String] = []
            var reason = services.isEmpty ? "there is no system file, so no service is known" : ""
            for name in services {
                let values = values(kind.metric, of: name, during: covered, evidence.recording.platform)
                guard let low = values.min(), let high = values.max() else {
                    answer = max(answer, .unknown)
                    reason = "the platform reported no \(kind.rawValue) of \(name)"
                    continue
                }
                let holds = values.allSatisfy(bound.holds)
                if !holds { answer = .broken }
                words.append(low == high ? "\(name) \(low)" : "\(name) \(low)–\(high)")
            }
            return Finding(
                expectation: expectation, answer: answer,
                measured: words.isEmpty ? "–" : words.joined(separator: ", "), reason: reason)
        }
    }

    /// Every value in force at some moment of the seconds: the last one before, and each change within.
    static func values(
        _ metric: PlatformSample.Metric, of service: String, during seconds: Set<Int>, _ samples: [PlatformSample]
    ) -> [Int] {
        let mine = samples.filter { $0.metric == metric && $0.service == service }
        let steps = mine.contains { $0.zone == nil } ? mine.filter { $0.zone == nil } : summedOverZones(mine)
        var found: [Int] = []
        for (number, step) in steps.enumerated() {
            let end = number + 1 < steps.count ? steps[number + 1].at.second : Int.max
            // In force from its second to the second of the next change.
            if seconds.contains(where: { step.at.second <= $0 && $0 <= end }) { found.append(Int(step.value)) }
        }
        return found
    }

    private static func summedOverZones(_ samples: [PlatformSample]) -> [PlatformSample] {
        var zones: [String: Double] = [:]
        var sums: [PlatformSample] = []
        for sample in samples {
            zones[sample.zone ?? ""] = sample.value
            var sum = sample
            sum.zone = nil
            sum.value = zones.values.reduce(0, +)
            // Zones polled together change together: only their last sum was ever true.
            if sums.last?.at == sum.at { sums[sums.count - 1] = sum } else { sums.append(sum) }
        }
        return sums
    }
}

extension Expectation.TaskCount {
    var metric: PlatformSample.Metric {
        switch self {
        case .desired: .desiredTasks
        case .running: .runningTasks
        case .healthy: .healthyTasks
        }
    }
}
