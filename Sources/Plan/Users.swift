/// A stretch of a closed load whose number of users is the same or goes evenly from one to another.
package struct UserPhase: Hashable, Codable, Sendable {
    /// Any but a wave.
    package var kind: Phase.Kind
    package var startUsers: Int
    package var endUsers: Int
    /// On the scenario clock.
    package var duration: Nanoseconds

    package init(_ kind: Phase.Kind, startUsers: Int, endUsers: Int, duration: Nanoseconds) {
        self.kind = kind
        self.startUsers = startUsers
        self.endUsers = endUsers
        self.duration = duration
    }
}

/// How long a user waits between an answer and its next request: evenly drawn, both ends included. In real time, as
/// what the user does it to is.
package struct ThinkTime: Hashable, Codable, Sendable {
    package var shortest: Nanoseconds
    package var longest: Nanoseconds

    package init(shortest: Nanoseconds, longest: Nanoseconds) {
        self.shortest = shortest
        self.longest = longest
    }

    package static let none = ThinkTime(shortest: .zero, longest: .zero)

    /// After the answer to request `index`: a pure function, apart from the draws of the request itself.
    package func after(_ index: UInt64, seed: UInt64) -> Nanoseconds {
        var draw = Draw(seed: ~seed, runHash: 0, index: index)
        return Nanoseconds(draw.int(in: shortest.count...longest.count))
    }
}

/// How many users there are at each moment of a closed load, in real time.
package struct UserCurve: Hashable, Sendable {
    private struct Stretch: Hashable, Sendable {
        var start: Nanoseconds
        var end: Nanoseconds
        var startUsers: Int
        var endUsers: Int
    }

    private let stretches: [Stretch]

    /// `phases` on the scenario clock, played `speed` times faster.
    package init(phases: [UserPhase], speed: Double) {
        var time = Nanoseconds.zero
        stretches = phases.map { phase in
            let start = time
            time += phase.duration
            return Stretch(
                start: start / speed, end: time / speed, startUsers: phase.startUsers,
                endUsers: phase.endUsers)
        }
    }

    /// How many there are at `time`, and until when at the least; none before the start and after the end.
    package func users(at time: Nanoseconds) -> (count: Int, until: Nanoseconds) {
        guard let stretch = stretches.first(where: { time < $0.end }) else { return (0, Nanoseconds(.max)) }
        guard time >= stretch.start else { return (0, stretch.start) }
        let change = stretch.endUsers - stretch.startUsers
        guard change != 0 else { return (stretch.startUsers, stretch.end) }
        // The k-th of n users comes, or goes, when k of n + 1 equal parts have passed: none at once, none at the end.
        let part = Double((stretch.end - stretch.start).count) / Double(change.magnitude + 1)
        let passed = min(Int(change.magnitude), Int(Double((time - stretch.start).count) / part))
        let next = stretch.start + Nanoseconds(Int64((Double(passed + 1) * part).rounded(.up)))
        return (
            stretch.startUsers + change.signum() * passed, max(time + Nanoseconds(1), min(next, stretch.end))
        )
    }
}
