import History
import Plan

/// A recording, added up by second over all routes, with what every check asks for.
struct Evidence {
    struct Second {
        var second: Int
        var planned: UInt64 = 0
        var ok: UInt64 = 0
        var failed: UInt64 = 0
        var dropped: UInt64 = 0
        var unfinished: UInt64 = 0
        var droppedByUs: UInt64 = 0
        var latency = LatencyHistogram()

        var bad: UInt64 { failed + dropped + unfinished }
    }

    let recording: Recording
    let plan: Plan
    /// Whole real seconds that are judged: warm-up, and a last second that was cut off, are not among them.
    let measured: Range<Int>
    let seconds: [Int: Second]
    let aftermaths: [Aftermath]
    let generator: GeneratorHealth

    init(_ recording: Recording) {
        self.recording = recording
        plan = recording.run.plan
        var seconds: [Int: Second] = [:]
        for row in recording.seconds {
            var second = seconds[row.second] ?? Second(second: row.second)
            second.planned += row.planned
            second.ok += row.ok
            second.failed += row.failed
            second.dropped += row.dropped
            second.unfinished += row.unfinished
            second.droppedByUs += row.droppedByUs
            second.latency.merge(row.okLatency)
            seconds[row.second] = second
        }
        self.seconds = seconds
        let start = plan.real(plan.measuredFrom)
        let first = Int(start.inSeconds.rounded(.up))
        let ended = recording.run.loadEnded ?? .seconds(Double((seconds.keys.max() ?? -1) + 1))
        let measured = first..<max(first, Int(min(ended, plan.real(plan.duration)).inSeconds.rounded(.down)))
        let plan = plan
        let bad = BadSeconds(plan: plan, seconds: seconds, measured: measured)
        aftermaths = recording.faults.map { Aftermath($0, plan: plan, bad: bad, measured: measured) }
        self.measured = measured
        generator = GeneratorHealth(recording, measured: measured)
    }

    /// The seconds of a window, or why there are none that can be judged.
    func seconds(of window: Window) -> Result<[Second], NoEvidence> {
        let numbers: [Int]
        switch window {
        case .measured: numbers = Array(measured)
        case .calm: numbers = measured.filter { second in !aftermaths.contains { $0.covers(second) } }
        case .during(let fault):
            switch aftermath(of: fault) {
            case .failure(let missing): return .failure(missing)
            case .success(let aftermath):
                let end = aftermath.fault.healed ?? aftermath.fault.reverted ?? recording.run.loadEnded
                numbers = measured.filter { aftermath.injected <= $0 && $0 < (end?.second ?? Int.max) + 1 }
            }
        case .after(let fault):
            switch aftermath(of: fault) {
            case .failure(let missing): return .failure(missing)
            case .success(let aftermath):
                let next = aftermaths.compactMap { $0.fault.injected?.second }.filter { $0 > aftermath.injected }.min()
                numbers = measured.filter { aftermath.injected <= $0 && $0 < next ?? Int.max }
            }
        }
        let found = numbers.compactMap { seconds[$0] }
        return found.isEmpty ? .failure(NoEvidence("nothing was measured in this window")) : .success(found)
    }

    /// The aftermath of a fault that was injected and whose effect was proved; else why nothing can be said about it.
    func aftermath(of fault: String) -> Result<Aftermath, NoEvidence> {
        guard let record = recording.faults.first(where: { $0.name == fault }) else {
            return .failure(NoEvidence("\(fault) was not injected"))
        }
        guard record.injected != nil, let aftermath = aftermaths.first(where: { $0.fault.name == fault }) else {
            return .failure(NoEvidence("\(fault) was not injected: \(record.problem ?? "the run ended before it")"))
        }
        guard record.effect != nil else { return .failure(NoEvidence("\(fault) was injected, but no effect was seen")) }
        return .success(aftermath)
    }
}

/// Why a question has no answer in the recording.
struct NoEvidence: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
