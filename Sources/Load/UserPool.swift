import Plan

/// A worker's users in a closed load: how many of them are at work, and when those who think have done so.
///
/// One who leaves is the next who begins: so the others are not disturbed where the number of users falls.
final class UserPool {
    private let curve: UserCurve
    private let think: ThinkTime
    private let seed: UInt64
    private let numbering: Numbering
    private let number: Int
    private let of: Int
    private let limit: Int
    /// How many there should be now, until when.
    private var wanted = 0
    private var wantedUntil = Nanoseconds(.min)
    /// Sending or thinking.
    private var active = 0
    private struct Thinker {
        var until: Nanoseconds
        var user: Int
    }

    /// Those who think: a binary heap by when they have done, its room made once.
    private let thinkers: UnsafeMutablePointer<Thinker>
    private var thinking = 0
    /// Those who neither send nor think; the last is the next to begin.
    private let resting: UnsafeMutablePointer<Int>
    private var restingCount: Int

    /// nil: an open load.
    init?(_ job: Worker.Job) {
        guard case .closed(let phases, let think) = job.stream.load else { return nil }
        curve = UserCurve(phases: phases, speed: job.plan.speed)
        self.think = think
        seed = job.seed
        numbering = job.lane.numbering
        (number, of, limit) = (job.number, job.of, job.limit)
        thinkers = .allocate(capacity: job.limit)
        resting = .allocate(capacity: job.limit)
        restingCount = job.limit
        for place in 0..<job.limit { resting[place] = job.limit - 1 - place }
    }

    deinit {
        thinkers.deallocate()
        resting.deallocate()
    }

    /// Whether another user should send a request now.
    @inline(__always)
    func areWanted(at now: Nanoseconds) -> Bool {
        if now >= wantedUntil { look(at: now) }
        while thinking > 0, thinkers[0].until <= now { wakeFirst() }
        return active < wanted
    }

    /// When that may change without an answer.
    var nextChange: Nanoseconds {
        thinking > 0 ? min(wantedUntil, thinkers[0].until) : wantedUntil
    }

    /// Who sends if another one is wanted.
    @inline(__always)
    var next: Int { resting[restingCount - 1] }

    /// `next` sends.
    @inline(__always)
    func begin() {
        active += 1
        restingCount -= 1
    }

    /// The request has ended: its user thinks, or is ready for the next.
    @inline(__always)
    func end(_ index: UInt64, of user: Int, at now: Nanoseconds) {
        guard think.longest > .zero else { return rest(user) }
        add(Thinker(until: now + think.after(numbering(index), seed: seed), user: user))
    }

    @inline(__always)
    private func rest(_ user: Int) {
        active -= 1
        resting[restingCount] = user
        restingCount += 1
    }

    /// Worker i of n has the users j ≡ i (mod n).
    private func look(at now: Nanoseconds) {
        let (count, until) = curve.users(at: now)
        wanted = min(limit, max(0, (count - number + of - 1) / of))
        wantedUntil = until
    }

    private func wakeFirst() {
        rest(thinkers[0].user)
        thinking -= 1
        let last = thinkers[thinking]
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < thinking else { break }
            if child + 1 < thinking, thinkers[child + 1].until < thinkers[child].until { child += 1 }
            guard thinkers[child].until < last.until else { break }
            thinkers[place] = thinkers[child]
            place = child
        }
        thinkers[place] = last
    }

    private func add(_ thinker: Thinker) {
        var place = thinking
        thinking += 1
        while place > 0 {
            let parent = (place - 1) / 2
            guard thinker.until < thinkers[parent].until else { break }
            thinkers[place] = thinkers[parent]
            place = parent
        }
        thinkers[place] = thinker
    }
}
