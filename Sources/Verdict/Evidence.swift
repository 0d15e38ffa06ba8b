import History
import Plan

/// A recording, prepared for judging: seconds added up over routes, the windows, and each fault's aftermath.
struct Evidence {
    let recording: Recording
    let plan: Plan
    /// Each whole real second of the load, also those without a request.
    let seconds: [SecondTotals]
    /// Real seconds of the load, its last one perhaps not whole.
    let end: Int
    let endTime: Nanoseconds
    /// The p95 bound of calm, which makes a second bad; nil: only failures do.
    let calmBound: Bound<Nanoseconds>?
    private(set) var aftermaths: [Aftermath] = []
    /// Half-open stretches of real time that are not calm.
    private(set) var notCalm: [Range<Nanoseconds>] = []
    /// While the run goes on: durations of the seconds that the recording has no more, by window.
    private(set) var older: [Window: RecentSeconds.Durations] = [:]

    /// `ignoring`: rows that are still provisional, for a look while the run goes on.
    init(_ recording: Recording, ignoring isProvisional: (SecondTotals) -> Bool = { _ in false }) {
        let rows = Dictionary(grouping: recording.seconds, by: \.second)
        self.init(
            recording, of: rows.map { SecondTotals(second: $0.key, $0.value) }, ignoring: isProvisional)
    }

    /// Of a run that goes on: what it keeps of its seconds.
    init(_ soFar: RunSoFar, ignoring isProvisional: (SecondTotals) -> Bool = { _ in false }) {
        self.init(soFar.recent, of: soFar.seconds.figures.map { SecondTotals($0) }, ignoring: isProvisional)
        older = soFar.seconds.olderWindows
    }

    private init(
        _ recording: Recording, of recorded: [SecondTotals], ignoring isProvisional: (SecondTotals) -> Bool
    ) {
        self.recording = recording
        plan = recording.run.plan
        let totals = Dictionary(uniqueKeysWithValues: recorded.map { ($0.second, $0) })
        let lastRow = (totals.keys.max() ?? -1) + 1
        endTime = recording.run.loadEnded ?? .seconds(Double(lastRow))
        end = max(RecoverySearch.wholeSeconds(endTime), 0)
        seconds = (0..<max(end, lastRow)).map { totals[$0] ?? SecondTotals(second: $0) }
            .filter { !isProvisional($0) }
        calmBound = Self.calmBound(plan)
        findRecoveries()
    }

    /// The tightest p95 bound among the calm expectations, without those that are known to be broken.
    static func calmBound(_ plan: Plan) -> Bound<Nanoseconds>? {
        let bounds = plan.ownExpectations.compactMap { expectation -> Bound<Nanoseconds>? in
            guard case .latency(95, let bound) = expectation.check, expectation.window == .calm,
                plan.knownBroken(expectation) == nil
            else { return nil }
            return bound.upperLimit == nil ? nil : bound
        }
        return bounds.min { ($0.upperLimit ?? .infinite) < ($1.upperLimit ?? .infinite) }
    }

    /// When a fault can first have done harm: its calls are made from its planned time on.
    static func start(of fault: FaultRecord, _ plan: Plan) -> Nanoseconds? {
        switch fault.state {
        case .planned, .skipped: return nil
        case .journaled, .injected, .reverted, .healed, .notHealed:
            let planned =
                plan.faults.indices.contains(fault.index) ? plan.real(plan.faults[fault.index].at) : nil
            guard let planned else { return fault.injected }
            return fault.injected.map { min($0, planned) } ?? planned
        }
    }

    /// Requests due this long before a fault may still be open when it strikes: their second is not calm either.
    static let openBefore = Nanoseconds.seconds(1)

    private mutating func findRecoveries() {
        let search = RecoverySearch(plan)
        let struck = recording.faults.compactMap { fault in
            Self.start(of: fault, plan).map { (fault: fault, start: $0) }
        }.sorted { $0.start < $1.start }
        for (place, entry) in struck.enumerated() {
            let next = place + 1 < struck.count ? struck[place + 1] : nil
            let from = max(entry.start.second, 0)
            let to = max(from, min(next?.start.second ?? end, end))
            let recovery = search.find(
                entry.fault, from: from, to: to, seconds: seconds, bound: calmBound, endedBy: next?.fault.name
            )
            aftermaths.append(recovery)
            let over = aftermathEnd(entry.fault, entry.start, recovery, next: next?.start)
            notCalm.append(entry.start - Self.openBefore..<max(over, entry.start))
        }
        aftermaths.sort { $0.fault < $1.fault }
    }

    /// max(recovered, healed + H); the end of all time while either is not known.
    private func aftermathEnd(
        _ fault: FaultRecord, _ start: Nanoseconds, _ recovery: Aftermath, next: Nanoseconds?
    ) -> Nanoseconds {
        guard let healed = fault.healed else { return .infinite }
        let settled = healed + plan.real(plan.windows.hold)
        switch recovery.outcome {
        case .unharmed: return settled
        case .recovered(let second): return max(settled, .seconds(Double(second)))
        // What is seen ends with the next fault, whose own aftermath goes on from there.
        case .notRecovered, .cutShort: return next.map { max(settled, $0) } ?? .infinite
        }
    }
}

extension Evidence {
    var isLab: Bool { recording.run.environment.isLab }
}

// MARK: - Windows

extension Evidence {
    func fault(named name: String) -> FaultRecord? { recording.faults.first { $0.name == name } }

    /// The window as stretches of real time; nil if it depends on a fault that never struck.
    func stretches(_ window: Window) -> [Range<Nanoseconds>]? {
        let from = plan.real(plan.measuredFrom)
        let measured = from < endTime ? [from..<endTime] : []
        switch window {
        case .measured: return measured
        case .calm: return notCalm.reduce(measured) { rest, hole in rest.flatMap { $0.without(hole) } }
        case .during(let name):
            guard let fault = fault(named: name), let start = Self.start(of: fault, plan) else { return nil }
            return start < endTime ? [start..<min(fault.healed ?? endTime, endTime)] : []
        case .after(let name):
            guard let fault = fault(named: name), let start = Self.start(of: fault, plan) else { return nil }
            let later = recording.faults.compactMap { Self.start(of: $0, plan) }.filter { $0 > start }.min()
            return start < endTime ? [start..<min(later ?? endTime, endTime)] : []
        }
    }

    /// The seconds of a window. Of a fault's window: all it touches, so that no harm is left out; else: those wholly
    /// within. The load's own last second counts although it may not be whole.
    func seconds(_ window: Window) -> [SecondTotals]? {
        guard let stretches = stretches(window) else { return nil }
        let touching: Bool
        switch window {
        case .measured, .calm: touching = false
        case .during, .after: touching = true
        }
        return seconds.filter { second in
            let begin = Nanoseconds.seconds(Double(second.second))
            let finish = min(begin + .seconds(1), max(endTime, begin))
            return stretches.contains { stretch in
                touching
                    ? stretch.lowerBound < finish && begin < stretch.upperBound
                    : stretch.lowerBound <= begin && finish <= stretch.upperBound && begin < finish
            }
        }
    }

    /// The merged ok latencies of some seconds, exactly.
    func latency(_ seconds: [SecondTotals]) -> LatencyHistogram {
        let wanted = Set(seconds.map(\.second))
        var merged = LatencyHistogram()
        for row in recording.seconds where wanted.contains(row.second) { merged.merge(row.okLatency) }
        return merged
    }
}

extension Range<Nanoseconds> {
    /// What is left of it outside `hole`.
    func without(_ hole: Range<Nanoseconds>) -> [Range<Nanoseconds>] {
        guard overlaps(hole) else { return [self] }
        var rest: [Range<Nanoseconds>] = []
        if lowerBound < hole.lowerBound { rest.append(lowerBound..<hole.lowerBound) }
        if hole.upperBound < upperBound { rest.append(hole.upperBound..<upperBound) }
        return rest
    }
}
