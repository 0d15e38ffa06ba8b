import Dispatch
import Glibc
package import History
package import Plan
import Synchronization

/// Sends each request of a Plan when it is due, and writes what became of it, second by second.
///
/// A Lane for each of its streams, with one worker per CPU, each a serial Dispatch queue running its own loop (Worker);
/// they share nothing but atomics. What they counted is added up once a second by the Bookkeeper; tracked requests are
/// written ahead by a LedgerKeeper for each lane.
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
    private let seed: UInt64
    private let target: LoadTarget
    private let clock: MonotonicClock
    private let writer: any HistoryWriter
    /// One for each stream.
    private let lanes: [Lane]

    /// - Parameters:
    ///   - origin: CLOCK_MONOTONIC at the start of the load; may lie in the future.
    ///   - workers: of each stream; the CPUs this process may use, unless told otherwise. See `Lane`.
    /// - Throws: if the machine gives no epoll set or event descriptor.
    package init(
        plan: Plan, target: LoadTarget, seed: UInt64, runID: String, origin: Nanoseconds,
        writer: any HistoryWriter, workers: Int? = nil
    ) throws(SetupError) {
        self.plan = plan
        self.seed = seed
        self.target = target
        self.writer = writer
        clock = MonotonicClock(origin: origin)
        var lanes: [Lane] = []
        do {
            for stream in plan.streams.indices {
                lanes.append(
                    try Lane(plan, stream, target: target, seed: seed, runID: runID, workers: workers))
            }
        } catch {
            throw .system("\(error)")
        }
        self.lanes = lanes
    }

    /// Ends sending at once; `play` returns when what is open has ended, or after the drain. From any thread.
    package func stop() { for lane in lanes { lane.controls.stop() } }

    /// New requests go to these nodes only, as a client's do that has looked the balancer's name up again.
    ///
    /// Addresses that are not the target's are passed over; none of the target's means all of them. At most 64 nodes.
    package func spread(over addresses: [String]) {
        var inService: UInt64 = 0
        for (number, address) in target.addresses.prefix(64).enumerated() where addresses.contains(address) {
            inService |= 1 << UInt64(number)
        }
        let nodes = inService == 0 ? .max : inService
        for lane in lanes { lane.controls.nodesInService.store(nodes, ordering: .relaxed) }
    }

    /// Plays the load once. Returns after the drain, when all was written.
    package func play() async throws(SetupError) -> LoadSummary {
        let limits = limitedByDescriptors()
        let pool = Tally.Pool(hops: plan.hops.count)
        let bookkeeper = Bookkeeper(lanes: lanes, writer: writer, pool: pool)
        var workers: [Worker] = []
        do {
            for (lane, limit) in zip(lanes, limits) {
                for number in 0..<lane.workerCount {
                    let share = limit / lane.workerCount + (number < limit % lane.workerCount ? 1 : 0)
                    let job = Worker.Job(
                        number: number, of: lane.workerCount, place: workers.count, lane: lane,
                        target: target, clock: clock, limit: share, seed: seed)
                    workers.append(try Worker(job, bookkeeper: bookkeeper, pool: pool))
                }
            }
        } catch {
            throw .system("\(error)")
        }
        let ledgers = lanes.compactMap { LedgerKeeper($0, writer: writer, clock: clock) }
        let started = workers
        return await withCheckedContinuation { continuation in
            let group = DispatchGroup()
            // Durable rows before the first request: on another thread than the caller's, as it waits for the
            // disk.
            DispatchQueue(label: "loadchaos.load.start").async {
                for ledger in ledgers { ledger.start() }
                for worker in started {
                    DispatchQueue(label: "loadchaos.load.worker-\(worker.job.place)", qos: .userInitiated)
                        .async(group: group) { worker.run() }
                }
                group.notify(queue: bookkeeper.queue) {
                    continuation.resume(returning: self.end(started, bookkeeper, ledgers, limits))
                }
            }
        }
    }

    /// On the bookkeeper's queue, behind the last hand-over.
    private func end(
        _ workers: [Worker], _ bookkeeper: Bookkeeper, _ ledgers: [LedgerKeeper], _ limits: [Int]
    ) -> LoadSummary {
        let problem = ledgers.compactMap { $0.end() }.first
        let crews = lanes.map { lane in workers.filter { $0.job.lane.number == lane.number } }
        let neverSent = zip(lanes, crews).map { lane, crew in
            lane.plan.tracksWrites ? crew.flatMap(\.neverTakenUp) : []
        }
        bookkeeper.finish(neverSent: neverSent, at: clock.now)
        var summary = bookkeeper.summary
        let stopped = workers.compactMap(\.stoppedAt).min()
        let whole = plan.real(plan.duration)
        summary.loadEnded = max(.zero, min(stopped ?? whole, whole))
        summary.wasStopped = summary.loadEnded < whole
        summary.ledgerProblem = problem
        warn(ofLimits: limits, summary)
        warn(ofWithdrawn: workers.reduce(0) { $0 + $1.withdrawn })
        warn(ofDowngraded: workers.reduce(0) { $0 + $1.downgraded })
        for (lane, crew) in zip(lanes, crews) {
            let lines =
                CaptureTroubles.warnings(crew.compactMap { $0.visits?.troubles }, lane.plan)
                + RedirectTroubles.warnings(crew.compactMap { $0.chains?.troubles }, lane.plan)
            for line in lines { warn(line) }
        }
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

    /// How many requests of each lane may be in flight: each needs a descriptor, of which there are as many as the
    /// system gives.
    private func limitedByDescriptors() -> [Int] {
        var limits = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        limits.rlim_cur = limits.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        let room = Int(clamping: limits.rlim_cur) - Self.spareDescriptors
        let wanted = lanes.reduce(0) { $0 + $1.plan.inFlightLimit }
        return lanes.map { lane in
            let limit = lane.plan.inFlightLimit
            return max(lane.workerCount, wanted <= room ? limit : limit * room / wanted)
        }
    }

    /// For databases, logs and the like.
    private static let spareDescriptors = 128

    /// Fewer slots than planned are our fault where requests were dropped, or users left out, for want of one.
    private func warn(ofLimits limits: [Int], _ summary: LoadSummary) {
        let limit = limits.reduce(0, +)
        let wanted = lanes.reduce(0) { $0 + $1.plan.inFlightLimit }
        let hasUsers = lanes.contains { $0.schedule == nil }
        guard limit < wanted, summary.dropped > 0 || hasUsers else { return }
        let effect = hasUsers ? "users were left out" : "requests were dropped"
        let text =
            "\(effect), with \(limit) of \(wanted) allowed in flight, for want of open files; "
            + "raise the limit with: ulimit -n \(wanted + Self.spareDescriptors)"
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
