import Dispatch
import History
package import Plan

/// How much this machine can send: measured, for a moment, against a responder of our own on loopback.
package struct Calibration: Hashable, Sendable {
    /// Requests a second, of all workers together. The responder takes its part of the same cores, so a target of
    /// another machine leaves room for more.
    package var perSecond: Double
    package var workers: Int

    package init(perSecond: Double, workers: Int) { (self.perSecond, self.workers) = (perSecond, workers) }

    /// A rate over this part of it comes near what the machine can do: a second is never as even as its mean.
    package static let comfortableShare = 0.7
    /// A worker that has less to do than this is not worth measuring.
    package static let easyPerWorker = 2_000.0

    private static let duration = Nanoseconds.milliseconds(300)
    private static let connectionsPerWorker = 16

    /// nil: the plan asks so little that nothing is measured. Takes a third of a second.
    ///
    /// - Throws: if the machine gives no socket, epoll set or event descriptor.
    package static func measure(
        for plan: Plan, workers: Int? = nil
    ) async throws(LoadEngine.SetupError) -> Calibration? {
        let workers = Lane.workers(workers, for: plan)
        guard plan.peakRate > easyPerWorker * Double(workers) else { return nil }
        let responder = try Responder()
        DispatchQueue(label: "loadchaos.load.responder", qos: .userInitiated).async { responder.run() }
        defer { responder.stop() }
        let load = LoadModel.closed(users: connectionsPerWorker * workers, duration: duration)
        let request = Request(route: "GET /", weight: 1, method: .get, path: Template(literal: "/"))
        let plan = Plan(name: "calibration", load: load, requests: [request])
        let engine = try LoadEngine(
            plan: plan,
            target: LoadTarget(
                scheme: "http", host: "127.0.0.1", port: responder.port, addresses: ["127.0.0.1"]),
            seed: 0, runID: "calibration", origin: MonotonicClock.machineTime,
            writer: FoldedHistory(span: RecentSeconds.span(plan)),
            workers: workers)
        let summary = try await engine.play()
        return Calibration(perSecond: Double(summary.ok) / duration.inSeconds, workers: workers)
    }

    /// What to say before the load begins; nil: the machine can do it.
    package func doubt(of plan: Plan) -> String? {
        let peak = plan.peakRate
        guard peak > perSecond * Self.comfortableShare else { return nil }
        let hands = "\(workers) \(workers == 1 ? "worker" : "workers")"
        return
            "the load's peak of \(Int(peak))/s is near or over what this machine can send: to itself it has just sent "
            + "\(Int(perSecond))/s with \(hands); ask for less, or give it more CPUs"
    }
}
