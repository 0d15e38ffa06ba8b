import History
import Plan

extension Evidence {
    /// `deployment of flask-app rolled back after deploy`: the platform itself went back to the old revision.
    ///
    /// What counts is that it began to in the window: our own undo is no rollback, and shows as none.
    func judgeRollback(_ service: String, _ stretches: [Range<Nanoseconds>]) -> Measurement {
        guard let stretch = stretches.first else { return .unknown("this window has no time in it") }
        let watched = recording.platform.contains { $0.service == service && $0.at < stretch.upperBound }
        guard watched else { return .unknown("nothing was observed of \(service)") }
        let samples = recording.platform.filter { $0.metric == .rollbacks && $0.service == service }
        // Without a sample there was none: only numbers above 0 are written.
        let before = samples.last { $0.at <= stretch.lowerBound }?.value ?? 0
        let first = samples.first {
            $0.value > before && $0.at > stretch.lowerBound && $0.at < (stretches.last ?? stretch).upperBound
        }
        guard let first else {
            return Measurement(
                answer: .broken, measured: "\(service) was not rolled back",
                reason: "no circuit breaker ended the deployment")
        }
        let time = plan.scenario(first.at - stretch.lowerBound)
        return Measurement(
            answer: .kept, measured: "\(service) was rolled back after \(Wording.seconds(time))",
            figure: Figure(
                value: time.inSeconds, low: time.inSeconds, high: time.inSeconds, unit: "scenario_s", count: 1
            ))
    }
}
