import Plan
import Testing

@Suite struct UsersTests {
    private static let curve = UserCurve(
        phases: [
            UserPhase(.warmUp, startUsers: 2, endUsers: 2, duration: .seconds(10)),
            UserPhase(.ramp, startUsers: 2, endUsers: 5, duration: .seconds(8)),
            UserPhase(.ramp, startUsers: 5, endUsers: 0, duration: .seconds(6)),
        ], speed: 2)

    @Test(arguments: [
        (-1.0, 0), (0, 2), (4.999, 2), (5, 2), (5.999, 2), (6, 3), (7, 4), (8, 5), (8.999, 5), (9, 5),
        (9.5, 4),
        (10, 3), (11.4, 1), (11.5, 0), (12, 0), (99, 0),
    ])
    func `users come and go one by one`(_ second: Double, _ users: Int) {
        #expect(Self.curve.users(at: .seconds(second)).count == users)
    }

    @Test func `until the time that is said, nothing changes; there, it does or a phase begins`() {
        var time = Nanoseconds.seconds(-1)
        var seen: [Int] = []
        while time < .seconds(12) {
            let (users, until) = Self.curve.users(at: time)
            #expect(until > time)
            #expect(Self.curve.users(at: until - Nanoseconds(1)).count == users)
            seen.append(users)
            time = until
        }
        #expect(seen == [0, 2, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0])
    }

    @Test func `thinking is evenly drawn within its ends, by seed and request`() {
        let think = ThinkTime(shortest: .milliseconds(100), longest: .milliseconds(300))
        let times = (0..<2_000).map { think.after(UInt64($0), seed: 4).inMilliseconds }
        #expect(times.allSatisfy { (100...300).contains($0) })
        let mean = times.reduce(0, +) / 2_000
        // Evenly over 200 ms: a standard deviation of 200 / √12.
        let error = 200 / (12.0 * 2_000).squareRoot()
        #expect(abs(mean - 200) < 4 * error)
        #expect(times == (0..<2_000).map { think.after(UInt64($0), seed: 4).inMilliseconds })
        #expect(ThinkTime.none.after(7, seed: 4) == .zero)
    }
}
