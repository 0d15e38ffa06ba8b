import Logging

/// The lab's RDS: one Multi-AZ instance, of which it keeps a primary and a standby in different zones.
///
/// `decide` says what to do, purely; this actor does it. Steps that take long run beside the looks.
package actor DatabaseControl {
    nonisolated let settings: ControlSettings
    nonisolated let names: DatabaseNames
    let plane: any DatabasePlane
    let clock: any LabClock
    let times: DatabaseTimes
    let logger: Logger
    let createdAt: Duration
    private(set) var state: DatabaseState
    /// As the server says; nil until the first look at it.
    private(set) var engineVersion: String?
    /// Oldest first.
    private(set) var events: [DatabaseEvent] = []
    private var seen: DatabaseReading?
    private let operations = Operations()

    /// Real time between two looks: with one look's patience it must stay under a second, for that is how long commits
    /// may wait for a standby that is lost.
    static let tick = Duration.milliseconds(400)
    static let eventsMax = 1000

    init(
        plane: any DatabasePlane, clock: any LabClock, settings: ControlSettings, ids: ResourceIDs,
        logger: Logger
    ) {
        self.plane = plane
        self.clock = clock
        self.settings = settings
        self.logger = logger
        times = DatabaseTimes().divided(by: settings.speed)
        createdAt = clock.now
        names = DatabaseNames(settings: settings, ids: ids)
        let zones = settings.zones
        state = DatabaseState(
            primary: zones.last ?? "", standby: zones.first ?? "",
            trustsAnyStandby: settings.flaw == .asyncStandby)
    }

    /// Keeps the database as it should be until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await pass()
            // Throws only when cancelled, which ends the loop.
            do { try await clock.sleep(until: clock.now + Self.tick) } catch { break }
        }
        operations.cancelAll()
    }

    /// The primary runs, and the standby has all it has.
    package var isReady: Bool { state.isReady }

    /// Look, decide, begin.
    func pass() async {
        guard !state.isBusy, state.status == .available else { return }
        let asked = (state.primary, state.standby)
        let reading = await plane.lookAtDatabase(primary: asked.0, standby: asked.1)
        // What began meanwhile has made the look worthless.
        guard !state.isBusy, state.status == .available, asked == (state.primary, state.standby) else {
            return
        }
        seen = reading
        state.note(reading, at: clock.now)
        if engineVersion == nil, reading.primary.answers {
            engineVersion = await plane.databaseVersion(asked.0)
        }
        for action in decide(state, reading, times: times, now: clock.now) { await carryOut(action) }
    }

    private func carryOut(_ action: DatabaseAction) async {
        switch action {
        case .failOver(let cut): beginFailOver(.failingOver, cut: cut)
        case .restartPrimary: restart(.rebooting)
        case .releaseCommits:
            // First it loses its claim to be promoted, then commits go on without it.
            state.enter(seen?.standby.runs == true ? .behind : .absent, at: clock.now)
            logger.notice("the standby in \(state.standby) is lost: commits do not wait for it")
            await setCommitsWait(false)
        case .awaitStandby:
            state.enter(.awaited, at: clock.now)
            await setCommitsWait(true)
        case .joinStandby(let fresh):
            state.enter(.joining, at: clock.now)
            begin { [self] in await join(fresh: fresh) }
        }
    }

    private func setCommitsWait(_ wait: Bool) async {
        do { try await plane.setCommitsWait(wait, at: state.primary) } catch {
            complain("commits cannot be told whether to wait", error)
        }
    }

    private func join(fresh: Bool) async {
        do {
            try await plane.joinStandby(state.standby, to: state.primary, fresh: fresh)
            state.failedJoins = 0
            if state.standbyState == .joining { state.enter(.behind, at: clock.now) }
        } catch {
            complain("the standby does not join", error)
            state.failedJoins += 1
            state.joinNotBefore = clock.now + .seconds(1)
            if state.standbyState == .joining { state.enter(.absent, at: clock.now) }
        }
    }

    // MARK: What is asked for through the API

    enum Refusal: Error { case notAvailable(String) }

    func reboot(forceFailOver: Bool) throws(Refusal) {
        try claim(.available)
        guard forceFailOver else { return restart(.rebooting) }
        guard let seen, state.canFailOver(seen) else { return log(.failoverAbandoned) }
        beginFailOver(.rebooting, cut: clock.now)
    }

    func stop() throws(Refusal) {
        try claim(.available)
        occupy(.stopping) { [self] in
            do {
                try await plane.stopDatabase(await state.primary)
                try await plane.stopDatabase(await state.standby)
            } catch { complain("the database does not stop", error) }
            await release(.stopped, .absent, .stopped)
        }
    }

    func start() throws(Refusal) {
        try claim(.stopped)
        restart(.starting)
    }

    private func claim(_ status: DatabaseState.Status) throws(Refusal) {
        guard state.status == status, !state.isBusy else { throw .notAvailable(status.rawValue) }
    }

    // MARK: What takes long

    /// Starts the primary again in its place, after an orderly stop if it runs.
    private func restart(_ status: DatabaseState.Status) {
        let isStart = status == .starting
        if !isStart { log(.shutdown) }
        occupy(status) { [self] in
            await bringUp(await state.primary)
            await release(.available, nil, isStart ? .started : .restarted)
        }
    }

    private func bringUp(_ zone: String) async {
        do { try await plane.restartDatabase(zone) } catch { complain("the database does not start", error) }
    }

    private func beginFailOver(_ status: DatabaseState.Status, cut: Duration) {
        log(.failoverStarted)
        occupy(status) { [self] in await failOver(cut: cut) }
    }

    /// The old primary is fenced, never stopped: what it was doing ends as in a power cut. The endpoint leads to the
    /// new one when the declared time is over, and not before it takes writes.
    private func failOver(cut: Duration) async {
        let (old, new) = (state.primary, state.standby)
        do {
            try await plane.fenceDatabase(old)
            try await plane.promoteDatabase(new)
        } catch {
            complain("the standby cannot take over", error)
            await bringUp(old)
            return release(.available, .absent, .restarted)
        }
        (state.primary, state.standby) = (new, old)
        state.enter(.absent, at: clock.now)
        // Throws only when the lab goes: then nobody asks for the endpoint any more.
        do { try await clock.sleep(until: cut + times.failOver) } catch { return }
        await plane.pointEndpoint(at: new)
        log(.restarted)
        release(.available, nil, .failoverCompleted)
    }

    private func occupy(_ status: DatabaseState.Status, _ work: @escaping @Sendable () async -> Void) {
        state.isBusy = true
        state.status = status
        begin { [self] in
            // A standby that is being brought up comes to its end first.
            while await state.standbyState == .joining {
                // Cancelled means the lab is going; the loop below then ends with the join, which fails.
                do { try await clock.sleep(until: clock.now + .milliseconds(20)) } catch { return }
            }
            await work()
        }
    }

    private func release(
        _ status: DatabaseState.Status, _ standby: DatabaseState.Standby?, _ event: DatabaseEventKind
    ) {
        // After a restart commits do not wait: the standby is as good as one that has just joined.
        state.enter(standby ?? (state.standbyState == .absent ? .absent : .behind), at: clock.now)
        state.silentSince = nil
        state.status = status
        state.isBusy = false
        log(event)
    }

    private func log(_ kind: DatabaseEventKind) {
        events.append(DatabaseEvent(number: (events.last?.number ?? 0) + 1, at: clock.now, kind: kind))
        if events.count > Self.eventsMax { events.removeFirst() }
    }

    nonisolated private func complain(_ what: String, _ error: any Error) {
        logger.error("\(what): \(error)")
    }

    private func begin(_ work: @escaping @Sendable () async -> Void) { operations.begin(work) }

    /// Returns when no slow step is under way. For tests with a clock turned by hand.
    func settle() async { await operations.settle() }
}

/// The names of the instance and what belongs to it.
struct DatabaseNames: Sendable {
    let project: String
    let region: String
    let account: String
    let resource: String
    private let key: String

    init(settings: ControlSettings, ids: ResourceIDs) {
        var ids = ids
        project = settings.project
        region = settings.region
        account = settings.account
        resource = "db-" + ids.hex(26).uppercased()
        key = ids.hex(12)
    }

    var instance: String { "\(project)-db" }
    var arn: String { "arn:aws:rds:\(region):\(account):db:\(instance)" }
    var subnetGroup: String { "\(project)-db-subnets" }
    var subnetGroupARN: String { "arn:aws:rds:\(region):\(account):subgrp:\(subnetGroup)" }
    var endpoint: String { "\(instance).\(key).\(region).rds.amazonaws.com" }
}
