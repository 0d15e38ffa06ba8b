/// How long RDS takes for things. Scenario time; divided by the lab's speed.
package struct DatabaseTimes: Hashable, Sendable {
    /// How long the primary may be silent before it is given up. A process that ended is known at once.
    package var detection: Duration = .seconds(20)
    /// From the cut until the endpoint leads to the new primary: "typically 60–120 seconds" (RDS user guide).
    package var failOver: Duration = .seconds(60)

    package init() {}

    func divided(by speed: Double) -> DatabaseTimes {
        var times = self
        // A busy machine may be silent for a second or two; that is no reason to kill a database.
        times.detection = max(detection / speed, .seconds(2))
        times.failOver = failOver / speed
        return times
    }
}

/// All that is known of the database instance. A value: `decide` reads it, the API shows it.
struct DatabaseState: Hashable, Sendable {
    enum Status: String, Hashable, Sendable {
        case available, rebooting, stopping, stopped, starting
        /// An automatic fail-over.
        case failingOver = "failing-over"
    }

    /// From nothing to what RDS Multi-AZ promises.
    enum Standby: Hashable, Sendable {
        /// Does not run.
        case absent
        case joining
        /// Runs, and commits do not wait for it: it may lack some.
        case behind
        /// Commits wait for it; that it has all of them is not seen yet.
        case awaited
        /// It has every commit that was ever acknowledged.
        case synchronous
    }

    /// Zones.
    var primary: String
    var standby: String
    var status = Status.available
    var standbyState = Standby.absent
    /// Since when `standbyState` is what it is.
    var standbySince: Duration = .zero
    /// Since when the primary has not answered; nil while it does.
    var silentSince: Duration?
    /// After a failed attempt to bring the standby up.
    var joinNotBefore: Duration = .zero
    var failedJoins = 0
    /// Something long is under way that nothing may disturb.
    var isBusy = false
    /// A standby of which commits were never told to wait is taken for one that has them all: the async-standby lab.
    let trustsAnyStandby: Bool

    mutating func enter(_ standby: Standby, at now: Duration) {
        standbyState = standby
        standbySince = now
    }

    /// What a look tells about the past.
    mutating func note(_ seen: DatabaseReading, at now: Duration) {
        silentSince = seen.primary.answers ? nil : silentSince ?? now
        if standbyState == .awaited, seen.replication == .synchronous { enter(.synchronous, at: now) }
    }

    /// Whether the standby may become the primary without losing what was acknowledged.
    func canFailOver(_ seen: DatabaseReading) -> Bool {
        let hasAll = standbyState == .synchronous || trustsAnyStandby && standbyState == .behind
        return hasAll && seen.standby.runs && !seen.standby.isCutOff
    }

    /// The database is as it should be.
    var isReady: Bool {
        status == .available && !isBusy
            && (standbyState == .synchronous || trustsAnyStandby && standbyState == .behind)
    }
}

/// One thing the control plane wants done with the database.
enum DatabaseAction: Hashable, Sendable {
    /// Fence the primary and promote the standby; what went before counts from `cut`.
    case failOver(cut: Duration)
    /// The primary's process ended, and no standby may take its place: start it again.
    case restartPrimary
    /// The standby is lost: commits must not wait for it any longer.
    case releaseCommits
    /// The standby has caught up: commits wait for it from now on.
    case awaitStandby
    /// Bring the standby up; `fresh`: as a new copy.
    case joinStandby(fresh: Bool)
}

/// What to do about the database. Pure: the same state seen the same way at the same time wants the same.
///
/// Two rules keep acknowledged writes: a standby that commits do not wait for is never promoted, and the primary is
/// fenced before another one is made.
func decide(
    _ state: DatabaseState, _ seen: DatabaseReading, times: DatabaseTimes, now: Duration
) -> [DatabaseAction] {
    guard state.status == .available, !state.isBusy else { return [] }
    if !seen.primary.runs {
        if state.canFailOver(seen) { return [.failOver(cut: state.silentSince ?? now)] }
        return seen.primary.isCutOff ? [] : [.restartPrimary]
    }
    // From a subnet that is cut off itself nothing can be said about the primary.
    if let since = state.silentSince, now - since >= times.detection, state.canFailOver(seen) {
        return [.failOver(cut: since)]
    }
    if state.isAwaited {
        return seen.standbyIsLost && !seen.primary.isCutOff ? [.releaseCommits] : []
    }
    return raiseStandby(state, seen, now: now)
}

/// How long a standby that runs may fail to follow before it is made anew.
private let patienceWithStandby = Duration.seconds(30)

private func raiseStandby(_ state: DatabaseState, _ seen: DatabaseReading, now: Duration) -> [DatabaseAction]
{
    guard state.standbyState != .joining, seen.primary.answers, !seen.primary.isCutOff, !seen.standby.isCutOff
    else { return [] }
    if !seen.standby.runs {
        return now >= state.joinNotBefore ? [.joinStandby(fresh: state.failedJoins > 0)] : []
    }
    if seen.standby.answers, seen.replication == .streaming || seen.replication == .synchronous {
        return state.trustsAnyStandby ? [] : [.awaitStandby]
    }
    return now - state.standbySince >= patienceWithStandby ? [.joinStandby(fresh: true)] : []
}

extension DatabaseState {
    fileprivate var isAwaited: Bool { standbyState == .awaited || standbyState == .synchronous }
}

extension DatabaseReading {
    /// Commits that wait for it would hang.
    fileprivate var standbyIsLost: Bool {
        !standby.runs || !standby.answers || primary.answers && replication == .none
    }
}
