import CCurl
import Glibc
import HTTP
import History
import Plan
import Synchronization

/// One shard of the load on one thread: an epoll loop that sends what is due and reads what comes.
///
/// Worker i of n takes the indices k ≡ i (mod n). Nothing on its way from due to done allocates, locks or
/// awaits; what it counted is handed over once a second.
///
///     ┌─► hand over? ─► take up what is due ─► expire ─► wait ─► read and finish ─┐
///     └───────────────────────────────────────────────────────────────────────────┘
final class Worker: @unchecked Sendable {
    // Thread safety: used by the one thread that runs `run`; others reach it through `controls` only.

    struct Job {
        /// Among those of its stream.
        var number: Int
        var of: Int
        /// Among those of all streams.
        var place: Int
        var lane: Lane
        var target: LoadTarget
        var clock: MonotonicClock
        /// Requests this worker may have open; its users in a closed load.
        var limit: Int
        var seed: UInt64

        var plan: Plan { lane.plan }
        var stream: Stream { lane.stream }
    }

    let job: Job
    let controls: Controls
    let renderer: RequestRenderer
    let bookkeeper: Bookkeeper
    let poller: Poller
    let dialer: Dialer
    /// Of a load over HTTP/2; else requests travel by connections of the dialler's.
    let multiplexer: Multiplexer?
    let clock: MonotonicClock
    let schedule: Schedule?
    let routes: UnsafeBufferPointer<RoutePlan>
    let timeouts: [Nanoseconds]
    let endpoints: [Endpoint]
    let isEncrypted: Bool
    /// A connection this old carries no further request.
    let connectionLifetime: Nanoseconds
    let tally: Tally
    let hops: HopPlan
    let timings: ServerTimingRoom

    // Slots.
    let slots: UnsafeMutablePointer<Slot>
    /// How many slots have been made so far, of `job.limit`.
    var made = 0
    var empty = SlotList()
    var idle: [SlotList]
    var flying: [SlotList]
    var inFlight = 0
    var connections = 0
    /// All slots are taken and a request waits.
    var isExhausted = false
    /// A request due before this had to wait for a slot: that lateness is the system's.
    var exhaustedUntil = Nanoseconds(.min)

    // What is next.
    var cursor: UInt64
    var nextDue: Nanoseconds?
    /// Between the last due request and the next.
    var gap = Nanoseconds.zero
    static let batchingLimit = Nanoseconds(100_000)
    /// Tracked requests from here up to the cursor wait for their ledger rows.
    var parked: UInt64?
    /// In this pass of taking up.
    var dialsBegun = 0
    static let dialsPerPass = 32
    /// Requests for which this machine had no connection to give.
    var withdrawn = 0
    /// Answers that came by HTTP/1.1 though HTTP/2 was asked for.
    var downgraded = 0
    /// Of a closed load.
    let users: UserPool?
    /// Of a journey; nil: the requests are a mix.
    let visits: Visits?
    /// nil: no request follows redirects.
    let chains: RedirectChains?
    var isSending = true
    let loadEnd: Nanoseconds
    let drain: Nanoseconds
    var drainEnd: Nanoseconds
    var stoppedAt: Nanoseconds?

    // Buffers, made once.
    var request: RequestBuffer
    let scratch: UnsafeMutablePointer<UInt8>
    let input: UnsafeMutableRawBufferPointer
    /// Remote addresses seen, for the rows of failures.
    var names: [String]

    // The second that runs.
    var second = -1
    var lateness = LatencyHistogram()
    var cpuBefore: Int64 = 0
    var waitBefore: Int64 = 0
    var tickBefore = Nanoseconds.zero
    var marks: [LedgerMark] = []

    init(_ job: Job, bookkeeper: Bookkeeper, pool: Tally.Pool) throws(Poller.SetupError) {
        self.job = job
        controls = job.lane.controls
        renderer = job.lane.renderer
        self.bookkeeper = bookkeeper
        poller = controls.pollers[job.number]
        clock = job.clock
        dialer = try Dialer(
            poller: poller, connections: job.limit, resumesSessions: job.plan.handshakes == .resumed)
        multiplexer =
            job.plan.transport == .http2
            ? try Multiplexer(
                poller: poller, connections: job.limit, freshConnections: job.stream.reconnect == .eachRequest
            )
            : nil
        (routes, timeouts) = RoutePlan.compile(job.plan)
        endpoints = job.target.endpoints
        isEncrypted = job.target.scheme == "https"
        connectionLifetime =
            switch job.stream.reconnect {
            case .eachRequest: .zero
            case .after(let lifetime): lifetime
            case nil: .max
            }
        names = job.target.addresses
        if names.isEmpty { names = [""] }
        drain = timeouts.last ?? .zero
        loadEnd = job.plan.real(job.plan.duration)
        drainEnd = loadEnd + drain
        let deadline = job.plan.requests.map(\.deadline).max() ?? .zero
        let span = (deadline + drain + drain).second + 4
        tally = Tally(routes: job.plan.requests.count, span: span, pool: pool)
        hops = HopPlan(job.plan.hops)
        timings = ServerTimingRoom(hops.metrics, answers: job.limit)
        slots = .allocate(capacity: job.limit)
        idle = Array(repeating: SlotList(), count: endpoints.count)
        flying = Array(repeating: SlotList(), count: timeouts.count)
        cursor = UInt64(job.number)
        schedule = job.lane.schedule
        nextDue = schedule?.due(cursor)
        users = UserPool(job)
        visits = try Visits(job)
        chains = try RedirectChains(job)
        request = RequestBuffer(capacity: renderer.longest)
        scratch = .allocate(capacity: renderer.longest)
        input = .allocate(byteCount: 65_536, alignment: 16)
    }

    deinit {
        RoutePlan.free(routes)
        slots.deallocate()
        request.free()
        scratch.deallocate()
        input.deallocate()
    }

    /// Returns after the drain.
    func run() {
        // Due times are kept to the microsecond; the thread goes back to the pool as it was.
        lc_set_timer_slack(1)
        defer { lc_set_timer_slack(0) }
        cpuBefore = Worker.threadTime
        waitBefore = Worker.threadWait
        tickBefore = clock.now
        while true {
            var now = clock.now
            if now.second > second { handOver(now, isLast: false) }
            observeStop(now)
            takeUp()
            now = clock.now
            expire(now)
            dialer.tick(now: now.count)
            multiplexer?.tick(now: now.count)
            finishDials()
            finishCarried()
            if isOver(now) { break }
            let pause = max(0, nextWake(now).count - clock.now.count)
            handleEvents(poller.wait(nanoseconds: pause))
        }
        cut()
        handOver(clock.now, isLast: true)
    }

    private func observeStop(_ now: Nanoseconds) {
        guard stoppedAt == nil, controls.isStopped.load(ordering: .acquiring) else { return }
        stoppedAt = now
        isSending = false
        drainEnd = min(drainEnd, now + drain)
    }

    private func isOver(_ now: Nanoseconds) -> Bool {
        if now >= drainEnd { return true }
        guard inFlight == 0 else { return false }
        if !isSending { return stoppedAt != nil || now >= loadEnd }
        return now >= loadEnd && nextDue == nil && parked == nil
    }

    /// The time of the next thing to do without an event.
    private func nextWake(_ now: Nanoseconds) -> Nanoseconds {
        var wake = min(Nanoseconds(Int64(second + 1) * 1_000_000_000), drainEnd)
        if loadEnd > now { wake = min(wake, loadEnd) }
        if isSending, let due = nextDue {
            // With no slot free, the next that happens to it by itself is its deadline.
            wake = min(
                wake, isExhausted ? due + routes[renderer.route(of: cursor)].deadline : sendTime(due: due))
        }
        if let parked, let due = schedule?.due(parked) {
            wake = min(wake, due + routes[renderer.route(of: parked)].deadline)
        }
        for (list, timeout) in zip(flying, timeouts) where list.head >= 0 {
            wake = min(wake, slots[Int(list.head)].sent + timeout)
        }
        if isSending, let users { wake = min(wake, users.nextChange) }
        if let tick = dialer.nextTick(now: now.count) { wake = min(wake, Nanoseconds(tick)) }
        if let tick = multiplexer?.nextTick(now: now.count) { wake = min(wake, Nanoseconds(tick)) }
        return wake
    }

    private func handleEvents(_ count: Int) {
        for i in 0..<count {
            let event = poller.event(i)
            if event.token == Poller.wakeToken {
                poller.settle()
            } else if event.token & Dialer.tokenMark != 0 {
                if let multiplexer { multiplexer.handle(event) } else { dialer.handle(event) }
            } else {
                let slot = Int(event.token & 0xFFFF_FFFF)
                guard slots[slot].generation == UInt32(event.token >> 32) else { continue }
                ready(slot, event)
            }
        }
        finishDials()
        finishCarried()
    }

    // MARK: - Once a second

    /// The tick at the end of a second; also the end.
    private func handOver(_ now: Nanoseconds, isLast: Bool) {
        let ended = isLast ? now.second : now.second - 1
        var row = GeneratorSecond(
            second: ended, inFlight: inFlight, connections: connections + (multiplexer?.connections ?? 0))
        swap(&row.lateness, &lateness)
        let cpu = Worker.threadTime
        // Of a whole second, also when the run ends within it.
        let wall = max(1_000_000_000, (now - tickBefore).count)
        row.cpuFraction = min(1, Double(cpu - cpuBefore) / Double(wall))
        cpuBefore = cpu
        let waited = Worker.threadWait
        row.waitFraction = min(1, Double(max(0, waited - waitBefore)) / Double(wall))
        waitBefore = waited
        tickBefore = now
        second = now.second
        let oldest = min(parked.flatMap { schedule?.due($0) } ?? .max, nextDue ?? .max, now)
        bookkeeper.submit(
            Batch(
                worker: job.place, lane: job.lane.number, second: ended, rows: tally.handOver(),
                generator: row, marks: marks, settledBefore: oldest.second, isLast: isLast))
        marks = []
    }

    static var threadTime: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Nanoseconds this thread has stood in the kernel's run queue: the second number of /proc/thread-self/schedstat. 0
    /// where the kernel keeps none.
    static var threadWait: Int64 {
        let file = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        return withUnsafeTemporaryAllocation(byteCount: 128, alignment: 1) { buffer in
            let count = read(file, buffer.baseAddress, buffer.count)
            let fields = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
            return fields.count > 1 ? Int64(fields[1]) ?? 0 : 0
        }
    }

    func mark(_ index: UInt64, _ answer: LedgerEntry.Answer, _ at: Nanoseconds) {
        marks.append(LedgerMark(index: index, answer: answer, at: at))
    }
}

extension Nanoseconds {
    /// Later than anything that happens.
    static let max = Nanoseconds(.max)
}
