import CCurl
import Dispatch
import Glibc
import HTTP
package import History
package import Plan
import Synchronization

/// Sends each request of a Plan when it is due, and writes what became of it, second by second.
///
/// One worker per CPU, each a serial Dispatch queue running its own loop (Worker); they share nothing but
/// atomics. What they counted is added up once a second by the Bookkeeper; tracked requests are written ahead
/// by the LedgerKeeper.
package final class LoadEngine: Sendable {
    package enum SetupError: Error, CustomStringConvertible {
        case system(String)

        package var description: String {
            switch self {
            case .system(let problem): problem
            }
        }
    }

    private let plan: Plan
    private let schedule: Schedule?
    private let seed: UInt64
    private let target: LoadTarget
    private let clock: MonotonicClock
    private let writer: any HistoryWriter
    private let renderer: RequestRenderer
    private let controls: Controls
    private let workerCount: Int

    /// - Parameters:
    ///   - origin: CLOCK_MONOTONIC at the start of the load; may lie in the future.
    ///   - workers: the CPUs this process may use, unless told otherwise; never more than may be in flight.
    /// - Throws: if the machine gives no epoll set or event descriptor.
    package init(
        plan: Plan, target: LoadTarget, seed: UInt64, runID: String, origin: Nanoseconds,
        writer: any HistoryWriter, workers: Int? = nil
    ) throws(SetupError) {
        self.plan = plan
        self.seed = seed
        schedule = plan.schedule(seed: seed)
        self.target = target
        self.writer = writer
        clock = MonotonicClock(origin: origin)
        renderer = RequestRenderer(
            plan: plan, authority: target.authority, userAgent: "loadchaos/\(Version.current)", seed: seed,
            runID: runID)
        workerCount = Self.workers(workers, for: plan)
        var pollers: [Poller] = []
        do {
            for _ in 0..<workerCount { pollers.append(try Poller()) }
        } catch {
            throw .system("\(error)")
        }
        let isTracked = plan.requests.contains { $0.tracking != nil }
        controls = Controls(pollers: pollers, ledgerHorizon: isTracked ? 0 : .max)
    }

    /// How many there are when so many are asked for; nil: the CPUs this process may use.
    static func workers(_ asked: Int?, for plan: Plan) -> Int {
        max(1, min(asked ?? Int(lc_usable_processors()), plan.inFlightLimit))
    }

    /// Ends sending at once; `play` returns when what is open has ended, or after the drain. From any thread.
    package func stop() { controls.stop() }

    /// New requests go to these nodes only, as a client's do that has looked the balancer's name up again.
    ///
    /// Addresses that are not the target's are passed over; none of the target's means all of them. At most 64 nodes.
    package func spread(over addresses: [String]) {
        var inService: UInt64 = 0
        for (number, address) in target.addresses.prefix(64).enumerated() where addresses.contains(address) {
            inService |= 1 << UInt64(number)
        }
        controls.nodesInService.store(inService == 0 ? .max : inService, ordering: .relaxed)
    }

    /// Plays the load once. Returns after the drain, when all was written.
    package func play() async throws(SetupError) -> LoadSummary {
        let limit = limitedByDescriptors()
        let pool = Tally.Pool(hops: plan.hops.count)
        let bookkeeper = Bookkeeper(
            workers: workerCount, writer: writer, renderer: renderer, controls: controls, pool: pool)
        var workers: [Worker] = []
        do {
            for (number, poller) in controls.pollers.enumerated() {
                let share = limit / workerCount + (number < limit % workerCount ? 1 : 0)
                let job = Worker.Job(
                    number: number, of: workerCount, plan: plan, schedule: schedule, target: target,
                    clock: clock, limit: share, seed: seed)
                workers.append(
                    try Worker(
                        job, controls: controls, renderer: renderer, bookkeeper: bookkeeper, pool: pool,
                        poller: poller))
            }
        } catch {
            throw .system("\(error)")
        }
        let ledger = LedgerKeeper(
            plan: plan, schedule: schedule, renderer: renderer, writer: writer, controls: controls,
            clock: clock)
        let started = workers
        return await withCheckedContinuation { continuation in
            let group = DispatchGroup()
            // Durable rows before the first request: on another thread than the caller's, as it waits for the
            // disk.
            DispatchQueue(label: "loadchaos.load.start").async {
                ledger?.start()
                for worker in started {
                    DispatchQueue(label: "loadchaos.load.worker-\(worker.job.number)", qos: .userInitiated)
                        .async(group: group) { worker.run() }
                }
                group.notify(queue: bookkeeper.queue) {
                    continuation.resume(returning: self.end(started, bookkeeper, ledger, limit))
                }
            }
        }
    }

    /// On the bookkeeper's queue, behind the last hand-over.
    private func end(
        _ workers: [Worker], _ bookkeeper: Bookkeeper, _ ledger: LedgerKeeper?, _ limit: Int
    ) -> LoadSummary {
        let problem = ledger?.end()
        let neverSent = ledger == nil ? [] : workers.flatMap(\.neverTakenUp)
        bookkeeper.finish(neverSent: neverSent, at: clock.now)
        var summary = bookkeeper.summary
        let stopped = workers.compactMap(\.stoppedAt).min()
        let whole = plan.real(plan.duration)
        summary.loadEnded = max(.zero, min(stopped ?? whole, whole))
        summary.wasStopped = summary.loadEnded < whole
        summary.ledgerProblem = problem
        warn(ofLimit: limit, summary)
        warn(ofWithdrawn: workers.reduce(0) { $0 + $1.withdrawn })
        warn(ofDowngraded: workers.reduce(0) { $0 + $1.downgraded })
        for line in CaptureTroubles.warnings(workers.compactMap { $0.visits?.troubles }, plan) { warn(line) }
        return summary
    }

    private func warn(ofWithdrawn count: Int) {
        guard count > 0 else { return }
        let text =
            "\(count) requests were dropped because this machine had no free port or descriptor for a connection; "
            + "let connections be used again, widen net.ipv4.ip_local_port_range, or ask for less"
        warn(text)
    }

    private func warn(_ text: String) {
        writer.record(.event(Event(at: clock.now, kind: .warning, subject: "generator", text: text)))
    }

    private func warn(ofDowngraded count: Int) {
        guard count > 0 else { return }
        let text =
            "\(count) answers came by HTTP/1.1, which the target prefers to HTTP/2: they count as failed; "
            + "let the target speak h2, or load it over https"
        warn(text)
    }

    /// Each request in flight needs a descriptor: as many as the system gives.
    private func limitedByDescriptors() -> Int {
        var limits = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        limits.rlim_cur = limits.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        let room = max(workerCount, Int(clamping: limits.rlim_cur) - Self.spareDescriptors)
        return min(plan.inFlightLimit, room)
    }

    /// For databases, logs and the like.
    private static let spareDescriptors = 128

    /// Fewer slots than planned are our fault where requests were dropped, or users left out, for want of one.
    private func warn(ofLimit limit: Int, _ summary: LoadSummary) {
        guard limit < plan.inFlightLimit, summary.dropped > 0 || schedule == nil else { return }
        let effect = schedule == nil ? "users were left out" : "requests were dropped"
        let text =
            "\(effect), with \(limit) of \(plan.inFlightLimit) allowed in flight, for want of open files; "
            + "raise the limit with: ulimit -n \(plan.inFlightLimit + Self.spareDescriptors)"
        warn(text)
    }
}

extension Worker {
    /// Tracked requests that have a ledger row and were never sent nor dropped. After the run, on one thread.
    var neverTakenUp: [UInt64] {
        let horizon = controls.ledgerHorizon.load(ordering: .acquiring)
        let first = parked ?? cursor
        guard first < horizon else { return [] }
        return stride(from: first, to: horizon, by: job.of).filter { index in
            // Between the first parked and the cursor, only tracked ones were left out.
            routes[renderer.route(of: index)].isTracked
        }
    }
}
