import Plan

/// A worker's users in a closed load: how many of them are at work, and when those who think have done so.
///
/// Users are alike, so they are counted and not named: one who leaves is the next who would have begun.
final class UserPool {
    private let curve: UserCurve
    private let think: ThinkTime
    private let seed: UInt64
    private let number: Int
    private let of: Int
    private let limit: Int
    /// How many there should be now, until when.
    private var wanted = 0
    private var wantedUntil = Nanoseconds(.min)
    /// Sending or thinking.
    private var active = 0
    /// When each thinker has done: a binary heap, its room made once.
    private let thinkers: UnsafeMutablePointer<Nanoseconds>
    private var thinking = 0

    /// nil: an open load.
    init?(_ job: Worker.Job) {
        guard case .closed(let phases, let think) = job.plan.load else { return nil }
        curve = UserCurve(phases: phases, speed: job.plan.speed)
        self.think = think
        seed = job.seed
        (number, of, limit) = (job.number, job.of, job.limit)
        thinkers = .allocate(capacity: job.limit)
    }

    deinit { thinkers.deallocate() }

    /// Whether another user should send a request now.
    @inline(__always)
    func areWanted(at now: Nanoseconds) -> Bool {
        if now >= wantedUntil { look(at: now) }
        while thinking > 0, thinkers[0] <= now { wakeFirst() }
        return active < wanted
    }

    /// When that may change without an answer.
    var nextChange: Nanoseconds {
        thinking > 0 ? min(wantedUntil, thinkers[0]) : wantedUntil
    }

    @inline(__always)
    func begin() { active += 1 }

    /// The request has ended: its user thinks, or is ready for the next.
    @inline(__always)
    func end(_ index: UInt64, at now: Nanoseconds) {
        guard think.longest > .zero else {
            active -= 1
            return
        }
        add(now + think.after(index, seed: seed))
    }

    /// Worker i of n has the users j ≡ i (mod n).
    private func look(at now: Nanoseconds) {
        let (count, until) = curve.users(at: now)
        wanted = min(limit, max(0, (count - number + of - 1) / of))
        wantedUntil = until
    }

    private func wakeFirst() {
        active -= 1
        thinking -= 1
        let last = thinkers[thinking]
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < thinking else { break }
            if child + 1 < thinking, thinkers[child + 1] < thinkers[child] { child += 1 }
            guard thinkers[child] < last else { break }
            thinkers[place] = thinkers[child]
            place = child
        }
        thinkers[place] = last
    }

    private func add(_ time: Nanoseconds) {
        var place = thinking
        thinking += 1
        while place > 0 {
            let parent = (place - 1) / 2
            guard time < thinkers[parent] else { break }
            thinkers[place] = thinkers[parent]
            place = parent
        }
        thinkers[place] = time
    }
}
