import CCurl
import HTTP
import History
import Plan

/// One stream of the load, made ready: what its workers share.
struct Lane: Sendable {
    /// Which stream.
    let number: Int
    /// Of this stream alone.
    let plan: Plan
    /// nil: it has users.
    let schedule: Schedule?
    /// Where its routes begin among those of the whole Plan.
    let firstRoute: Int
    let numbering: Numbering
    let renderer: RequestRenderer
    let controls: Controls
    let workerCount: Int

    /// The only one of its plan.
    var stream: Stream { plan.streams[0] }

    /// - Parameter workers: the CPUs this process may use, unless told otherwise.
    init(
        _ whole: Plan, _ stream: Int, target: LoadTarget, seed: UInt64, runID: String, workers: Int?
    ) throws(Poller.SetupError) {
        number = stream
        plan = whole.alone(stream)
        schedule = whole.schedule(of: stream, seed: seed)
        firstRoute = whole.requests(of: stream).lowerBound
        // A replay draws nothing: its numbers are the places in the recording.
        let isReplay = plan.streams[0].load.replay != nil
        numbering = isReplay ? Numbering() : Numbering(stream: stream, of: whole.streams.count)
        renderer = RequestRenderer(
            plan: plan, authority: target.authority, userAgent: "loadchaos/\(Version.current)", seed: seed,
            runID: runID, numbering: numbering)
        workerCount = Self.workers(workers, for: plan, isOnly: whole.streams.count == 1)
        var pollers: [Poller] = []
        for _ in 0..<workerCount { pollers.append(try Poller()) }
        controls = Controls(pollers: pollers, ledgerHorizon: plan.tracksWrites ? 0 : .max)
    }

    /// How many there are when so many are asked for; nil: the CPUs this process may use. Never more than may be in
    /// flight; and beside other streams no more than the rate can keep busy, as all share the CPUs.
    static func workers(_ asked: Int?, for plan: Plan, isOnly: Bool = true) -> Int {
        var count = min(asked ?? Int(lc_usable_processors()), plan.inFlightLimit)
        if !isOnly, plan.streams[0].load.peakRate(at: plan.speed) != nil {
            count = min(count, Int((plan.peakRate / Calibration.easyPerWorker).rounded(.up)))
        }
        return max(1, count)
    }
}

extension LedgerEntry {
    /// nil if the request is not tracked.
    init?(_ index: UInt64, in lane: Lane, answer: Answer, at: Nanoseconds?) {
        guard let facts = lane.renderer.ledgerFacts(index) else { return nil }
        self.init(
            index: lane.numbering(index), route: lane.firstRoute + facts.route, key: facts.key,
            readPath: facts.readPath, body: facts.body, answer: answer, answeredAt: at)
    }
}
