import History
import Plan

extension Evidence {
    /// `scale out of flask-app between 60s and 180s after cpu > 70%`: each step in its window, and none missing.
    ///
    /// The CPU is known by the minute. A stretch of minutes beyond the bound begins with the first of them; the time of
    /// a step runs from there, or from the last step if that is later: every step needs the condition anew. The times
    /// of steps are known to one look at the platform, the resolution: only what misses the window by more is broken.
    func judgeScaling(_ scaling: Expectation.Scaling) -> Measurement {
        let search = ScalingSearch(scaling, self)
        guard !search.cpu.isEmpty else { return .unknown("no CPU of \(scaling.service) was observed") }
        guard search.desired.count > 0 else {
            return .unknown("no desired count of \(scaling.service) was observed")
        }
        let steps = search.steps
        let missing = search.missing
        let words = steps.map(\.words) + missing.map(\.words)
        guard !words.isEmpty else {
            return .unknown(
                "the CPU gave no occasion to scale \(scaling.direction.rawValue)", measured: "no step")
        }
        let resolution = Wording.seconds(search.resolution)
        let times = steps.compactMap(\.elapsed)
        var finding = Measurement(
            answer: .kept, measured: words.joined(separator: ", ") + " (resolution \(resolution))",
            figure: Figure(
                value: nil, low: times.min()?.inSeconds, high: times.max()?.inSeconds, unit: "scenario_s",
                count: UInt64(steps.count)))
        if let wrong = steps.first(where: { $0.problem != nil }) {
            finding.answer = .broken
            finding.reason =
                "\(wrong.what) at \(Wording.seconds(plan.scenario(wrong.at))) \(wrong.problem ?? "")"
        } else if let one = missing.first {
            finding.answer = .broken
            finding.reason = one.words
        }
        return finding
    }

    /// `tasks of flask-app step 2, 3, 4, 3, 2`: these desired counts one after the other, and no others.
    func judgeSteps(_ service: String, _ wanted: [Int], _ stretches: [Range<Nanoseconds>]) -> Measurement {
        let course: DesiredCourse
        switch desiredCourse(of: service, stretches) {
        case .failure(let problem): return .unknown(problem.words)
        case .success(let found): course = found
        }
        let counts = course.counts
        let measured = "\(service) \(course.words)"
        let figure = Figure(
            value: nil, low: counts.min().map(Double.init), high: counts.max().map(Double.init),
            unit: "tasks",
            count: UInt64(counts.count - 1))
        guard counts != wanted else { return Measurement(answer: .kept, measured: measured, figure: figure) }
        let isShort = wanted.starts(with: counts)
        let reason = isShort ? "the load ended before the next step came" : "other steps than these"
        return Measurement(answer: .broken, measured: measured, figure: figure, reason: reason)
    }

    /// `reversals of flask-app <= 1`: autoscaling that turns back again and again at a steady load is flapping.
    func judgeReversals(_ service: String, _ bound: Bound<Int>, _ stretches: [Range<Nanoseconds>])
        -> Measurement
    {
        switch desiredCourse(of: service, stretches) {
        case .failure(let problem): return .unknown(problem.words)
        case .success(let course):
            let reversals = course.reversals
            return Measurement(
                answer: bound.holds(for: reversals) ? .kept : .broken,
                measured: "\(Wording.plural(reversals, "reversal")): \(service) \(course.words)",
                figure: Figure(
                    value: Double(reversals), unit: "reversals", count: UInt64(course.counts.count - 1)))
        }
    }

    /// The desired counts of a service over the window; nothing if it was not observed from its beginning on.
    private func desiredCourse(
        of service: String, _ stretches: [Range<Nanoseconds>]
    ) -> Result<DesiredCourse, DesiredCourse.Problem> {
        let samples = recording.platform.filter { $0.metric == .desiredTasks && $0.service == service }
        guard let window = stretches.first else {
            return .failure(DesiredCourse.Problem(words: "this window has no time in it"))
        }
        guard let before = samples.last(where: { $0.at <= window.lowerBound }) else {
            return .failure(
                DesiredCourse.Problem(
                    words: "\(service) was not observed from the beginning of the window on"))
        }
        var course = DesiredCourse(counts: [Int(before.value)])
        for sample in samples where sample.at > window.lowerBound && sample.at < window.upperBound {
            course.append(Int(sample.value))
        }
        return .success(course)
    }
}

/// Desired counts one after the other, each other than the last.
private struct DesiredCourse {
    struct Problem: Error {
        var words: String
    }

    private(set) var counts: [Int]

    init(counts: [Int]) { self.counts = counts }

    mutating func append(_ count: Int) { if counts.last != count { counts.append(count) } }

    var words: String { counts.map(String.init).joined(separator: ", ") }

    /// How often a step went the other way than the one before it.
    var reversals: Int {
        let isUp = zip(counts, counts.dropFirst()).map { $0 < $1 }
        return zip(isUp, isUp.dropFirst()).count { $0 != $1 }
    }
}

/// Finds the steps of one service in one direction, and those that should have come. Times are real but where said.
private struct ScalingSearch {
    struct Step {
        var at: Nanoseconds
        var what: String
        /// On the scenario clock; nil: nothing called for it.
        var elapsed: Nanoseconds?
        var problem: String?

        var words: String { what + (elapsed.map { " after \(Wording.seconds($0))" } ?? " without cause") }
    }

    struct Missing {
        var words: String
    }

    private struct Minute {
        var start: Nanoseconds
        var end: Nanoseconds
        var isBeyond: Bool
    }

    let scaling: Expectation.Scaling
    let plan: Plan
    let cpu: [PlatformSample]
    let desired: [PlatformSample]
    private let window: Range<Nanoseconds>
    private let limits: ClosedRange<Int>?
    private let look: Nanoseconds

    init(_ scaling: Expectation.Scaling, _ evidence: Evidence) {
        self.scaling = scaling
        plan = evidence.plan
        let samples = evidence.recording.platform.filter { $0.service == scaling.service && $0.zone == nil }
        cpu = samples.filter { $0.metric == .cpuUtilization }.sorted { $0.at < $1.at }
        desired = samples.filter { $0.metric == .desiredTasks }
        let from = evidence.plan.real(evidence.plan.measuredFrom)
        window = from..<max(from, evidence.endTime)
        limits = evidence.plan.system?.services.first { $0.name == scaling.service }?.tasks
        look = evidence.recording.run.environment.look
    }

    /// On the scenario clock.
    var resolution: Nanoseconds { plan.scenario(look) }

    private var minutes: [Minute] {
        let length = plan.real(.seconds(60))
        return cpu.map {
            Minute(start: $0.at - length, end: $0.at, isBeyond: scaling.cpu.holds(for: $0.value / 100))
        }
    }

    /// Stretches of minutes beyond the bound, without a gap.
    private var stretches: [Range<Nanoseconds>] {
        let gap = plan.real(.seconds(30))
        var found: [Range<Nanoseconds>] = []
        var isOpen = false
        for minute in minutes {
            if minute.isBeyond, isOpen, let last = found.last, minute.start - last.upperBound < gap {
                found[found.count - 1] = last.lowerBound..<minute.end
            } else if minute.isBeyond {
                found.append(minute.start..<minute.end)
            }
            isOpen = minute.isBeyond
        }
        return found
    }

    private var changes: [(at: Nanoseconds, from: Int, to: Int)] {
        zip(desired, desired.dropFirst()).filter { $0.value != $1.value }.map {
            ($1.at, Int($0.value), Int($1.value))
        }
    }

    private func isStep(_ change: (at: Nanoseconds, from: Int, to: Int)) -> Bool {
        scaling.direction == .out ? change.to > change.from : change.to < change.from
    }

    var steps: [Step] {
        let changes = changes
        return changes.indices.filter { isStep(changes[$0]) && window.contains(changes[$0].at) }.map {
            index in
            let change = changes[index]
            var step = Step(at: change.at, what: "\(change.from) → \(change.to)")
            // The minute that decided it had ended, and what came after it may say otherwise already.
            let cause = stretches.last {
                $0.lowerBound < change.at && change.at - $0.upperBound < plan.real(.seconds(60))
            }
            guard let cause else {
                step.problem = "came without the CPU being beyond the bound"
                return step
            }
            let last = index > 0 ? changes[index - 1].at : cause.lowerBound
            let elapsed = plan.scenario(change.at - max(cause.lowerBound, last))
            step.elapsed = elapsed
            if elapsed < scaling.earliest - resolution { step.problem = "came too early" }
            if elapsed > scaling.latest + resolution { step.problem = "came too late" }
            return step
        }
    }

    /// Where the CPU stayed beyond the bound for longer than the window, there was room, and no step came.
    var missing: [Missing] {
        let changes = changes
        return stretches.flatMap { stretch -> [Missing] in
            let inside = changes.filter { stretch.contains($0.at) }
            let begins = [stretch.lowerBound] + inside.map(\.at)
            let ends = inside.map(\.at) + [min(stretch.upperBound, window.upperBound)]
            return zip(begins, ends).compactMap { begin, end in
                let due = begin + plan.real(scaling.latest + resolution)
                guard end > due, window.contains(due), !inside.contains(where: { $0.at == end && isStep($0) })
                else {
                    return nil
                }
                let count = desired.last { $0.at <= due }.map { Int($0.value) }
                guard let count, hasRoom(count) else { return nil }
                let from = Wording.seconds(plan.scenario(begin))
                return Missing(
                    words:
                        "no step from \(count) in \(Wording.seconds(plan.scenario(end - begin))) from \(from) on"
                )
            }
        }
    }

    private func hasRoom(_ count: Int) -> Bool {
        guard let limits else { return true }
        return scaling.direction == .out ? count < limits.upperBound : count > limits.lowerBound
    }
}
