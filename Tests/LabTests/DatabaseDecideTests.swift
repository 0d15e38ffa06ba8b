import Testing

@testable import Lab

/// What to do about the database, as a table: no process, no clock.
@Suite struct DatabaseDecideTests {
    private static let times = DatabaseTimes().divided(by: 10)

    private func state(
        _ standby: DatabaseState.Standby, silentSince: Duration? = nil, trusts: Bool = false
    ) -> DatabaseState {
        var state = DatabaseState(primary: "b", standby: "a", trustsAnyStandby: trusts)
        state.standbyState = standby
        state.silentSince = silentSince
        return state
    }

    private func decided(
        _ state: DatabaseState, _ primary: DatabaseReading.Instance, _ standby: DatabaseReading.Instance,
        _ replication: DatabaseReading.Replication, at now: Duration = .seconds(100)
    ) -> [DatabaseAction] {
        let seen = DatabaseReading(primary: primary, standby: standby, replication: replication)
        return decide(state, seen, times: Self.times, now: now)
    }

    private static let well = DatabaseReading.Instance()
    private static let dead = DatabaseReading.Instance(runs: false, answers: false)
    private static let silent = DatabaseReading.Instance(answers: false)
    private static let cutOff = DatabaseReading.Instance(answers: false, isCutOff: true)

    @Test func `a database that is as it should be is left alone`() {
        #expect(decided(state(.synchronous), Self.well, Self.well, .synchronous) == [])
    }

    @Test func `a dead primary is failed over at once, but only to a standby that has every commit`() {
        #expect(
            decided(state(.synchronous), Self.dead, Self.well, .none) == [.failOver(cut: .seconds(100))])
        for standby in [DatabaseState.Standby.absent, .joining, .behind, .awaited] {
            #expect(decided(state(standby), Self.dead, Self.well, .none) == [.restartPrimary])
        }
        #expect(decided(state(.synchronous), Self.dead, Self.dead, .none) == [.restartPrimary])
        #expect(decided(state(.synchronous), Self.dead, Self.cutOff, .none) == [.restartPrimary])
    }

    @Test func `a silent primary is given up after the time that is declared, never under two seconds`() {
        let frozen = state(.synchronous, silentSince: .seconds(99))
        #expect(decided(frozen, Self.silent, Self.well, .none) == [])
        #expect(
            decided(frozen, Self.silent, Self.well, .none, at: .seconds(101)) == [
                .failOver(cut: .seconds(99))
            ])
        #expect(DatabaseTimes().divided(by: 60).detection == .seconds(2))
        #expect(DatabaseTimes().divided(by: 1).failOver == .seconds(60))
    }

    @Test func `the primary's zone is cut off: it fails over, and its commits are not released before`() {
        let early = state(.synchronous, silentSince: .seconds(99))
        #expect(decided(early, Self.cutOff, Self.silent, .none) == [])
        #expect(
            decided(early, Self.cutOff, Self.silent, .none, at: .seconds(101)) == [
                .failOver(cut: .seconds(99))
            ])
    }

    @Test func `the standby's zone is cut off: commits are released, and nothing fails over`() {
        for standby in [DatabaseState.Standby.synchronous, .awaited] {
            let late = state(standby, silentSince: .seconds(10))
            #expect(decided(late, Self.silent, Self.cutOff, .none) == [.releaseCommits])
        }
        #expect(decided(state(.behind, silentSince: .seconds(10)), Self.silent, Self.cutOff, .none) == [])
    }

    @Test(arguments: [
        (dead, DatabaseReading.Replication.none), (silent, .synchronous), (well, .none),
    ])
    func `a standby that died, froze or no longer follows does not hold commits up`(
        standby: DatabaseReading.Instance, replication: DatabaseReading.Replication
    ) {
        #expect(decided(state(.synchronous), Self.well, standby, replication) == [.releaseCommits])
    }

    @Test func `both zones cut off: nothing is done that could lose a write`() {
        let late = state(.synchronous, silentSince: .seconds(10))
        #expect(decided(late, Self.cutOff, Self.cutOff, .none) == [])
    }

    @Test func `a standby is brought up, followed, and awaited once it has caught up`() {
        #expect(decided(state(.absent), Self.well, Self.dead, .none) == [.joinStandby(fresh: false)])
        #expect(decided(state(.joining), Self.well, Self.dead, .none) == [])
        #expect(decided(state(.behind), Self.well, Self.well, .catchingUp, at: .seconds(20)) == [])
        #expect(decided(state(.behind), Self.well, Self.well, .streaming) == [.awaitStandby])
        #expect(decided(state(.behind, trusts: true), Self.well, Self.well, .streaming) == [])
        #expect(decided(state(.absent), Self.well, Self.cutOff, .none) == [])
        #expect(
            decided(state(.behind), Self.well, Self.well, .none, at: .seconds(31)) == [
                .joinStandby(fresh: true)
            ])
    }

    @Test func `a standby that did not come up is tried again later, as a new copy`() {
        var failed = state(.absent)
        failed.failedJoins = 1
        failed.joinNotBefore = .seconds(100)
        #expect(decided(failed, Self.well, Self.dead, .none, at: .seconds(99)) == [])
        #expect(decided(failed, Self.well, Self.dead, .none) == [.joinStandby(fresh: true)])
    }

    @Test func `while something is under way nothing else is begun`() {
        var busy = state(.synchronous)
        busy.isBusy = true
        #expect(decided(busy, Self.dead, Self.well, .none) == [])
        busy.isBusy = false
        busy.status = .stopped
        #expect(decided(busy, Self.dead, Self.dead, .none) == [])
    }

    @Test func `the lab with an asynchronous standby promotes what may lack commits`() {
        #expect(
            decided(state(.behind, trusts: true), Self.dead, Self.well, .none) == [
                .failOver(cut: .seconds(100))
            ])
    }

    @Test(arguments: [
        (["streaming sync"], DatabaseReading.Replication.synchronous), (["streaming async"], .streaming),
        (["catchup async"], .catchingUp), ([], .none), (["streaming async", "streaming sync"], .synchronous),
    ])
    func `what the primary says of its standby`(rows: [String], replication: DatabaseReading.Replication) {
        #expect(Machine.replication(rows) == replication)
    }

    @Test func `what PostgreSQL answers is read past what is not asked for`() {
        #expect(PostgresSession.firstColumn([0, 1, 0, 0, 0, 2, 0x68, 0x69]) == "hi")
        #expect(PostgresSession.firstColumn([0, 1, 0xff, 0xff, 0xff, 0xff]) == "")
        #expect(PostgresSession.firstColumn([0, 1, 0, 0, 0, 9, 1]) == "")
        #expect(PostgresSession.message(Array("SFATAL\0C57P03\0Mstarting up\0\0".utf8)) == "starting up")
    }
}
