import Plan

/// Reads the statements of `load` that are phases: each is a load of its own, of rates or of users.
struct PhaseReader {
    static let verbs = ["warm", "ramp", "hold", "step", "spike", "wave"]
    static let users = ["user", "users"]
    /// As many as one program can have open connections.
    static let mostUsers = 100_000
    static let mostSteps = 1_000

    private var cursor: Cursor

    private init(_ cursor: Cursor) { self.cursor = cursor }

    /// - Parameter cursor: stands behind the verb, which is one of `verbs`.
    static func read(_ verb: Token, _ cursor: Cursor) throws(Complaint) -> LoadModel {
        var reader = PhaseReader(cursor)
        let phase: LoadModel =
            switch verb.text {
            case "warm": try reader.warmUp()
            case "ramp": try reader.ramp()
            case "step": .open(try reader.steps())
            case "spike": .open(try reader.spike())
            case "wave": .open([try reader.wave()])
            default: try reader.hold()
            }
        try reader.cursor.finish()
        return phase
    }

    /// `warm up at 20/s for 30s`, `warm up with 5 users for 30s`
    private mutating func warmUp() throws(Complaint) -> LoadModel {
        cursor.shape = "warm up at 20/s for 30s"
        try cursor.keyword("up")
        guard cursor.take("with") else {
            try cursor.keyword("at")
            return try level(.warmUp, "the warm-up")
        }
        cursor.shape = "warm up with 5 users for 30s"
        return try crowd(.warmUp, "the warm-up")
    }

    /// `hold 80/s for 9m`, `hold 50 users for 9m`
    private mutating func hold() throws(Complaint) -> LoadModel {
        guard cursor.sees(Self.users, after: 1) else { return try level(.hold, "the hold") }
        cursor.shape = "hold 50 users for 9m"
        return try crowd(.hold, "the hold")
    }

    /// `ramp from 20/s to 80/s over 30s`, `ramp from 5 to 50 users over 1m`
    private mutating func ramp() throws(Complaint) -> LoadModel {
        cursor.shape = "ramp from 20/s to 80/s over 30s"
        try cursor.keyword("from")
        guard cursor.sees(Self.users, after: 3) else {
            let (from, to) = try rates("the first rate", "the last rate")
            try cursor.keyword("over")
            let duration = try cursor.duration("the ramp")
            return .open([Phase(.ramp, startRate: from, endRate: to, duration: duration)])
        }
        cursor.shape = "ramp from 5 to 50 users over 1m"
        let from = try cursor.count("the first number of users", in: 0...Self.mostUsers, example: "5")
        try cursor.keyword("to")
        let to = try cursor.count("the last number of users", in: 0...Self.mostUsers, example: "50")
        _ = cursor.next()
        try cursor.keyword("over")
        let duration = try cursor.duration("the ramp")
        return .closed(
            [UserPhase(.ramp, startUsers: from, endUsers: to, duration: duration)], think: .none)
    }

    /// `step from 20/s to 100/s by 20/s every 30s`: a hold at each.
    private mutating func steps() throws(Complaint) -> [Phase] {
        cursor.shape = "step from 20/s to 100/s by 20/s every 30s"
        try cursor.keyword("from")
        let start = cursor.here
        let (from, to) = try rates("the first rate", "the last rate")
        try cursor.keyword("by")
        let by = try cursor.quantity(.rate, "the step", positive: true)
        try cursor.keyword("every")
        let duration = try cursor.duration("each step")
        let count = (abs(to - from) / by).rounded()
        guard abs(count * by - abs(to - from)) <= 1e-9 * max(from, to) else {
            throw Complaint(LoadProblem.unevenSteps(from: from, to: to, by: by), at: start)
        }
        guard count < Double(Self.mostSteps) else {
            throw Complaint(
                QuantityProblem.tooLarge(
                    "the number of steps", (count + 1).plain, limit: "\(Self.mostSteps)"),
                at: start)
        }
        return (0...Int(count)).map { step in
            let rate = from + (to < from ? -by : by) * Double(step)
            return Phase(.hold, startRate: rate, endRate: rate, duration: duration)
        }
    }

    /// `spike from 20/s to 400/s over 10s`: evenly up, and as evenly down again.
    private mutating func spike() throws(Complaint) -> [Phase] {
        cursor.shape = "spike from 20/s to 400/s over 10s"
        try cursor.keyword("from")
        let (from, to) = try rates("the rate around the spike", "the rate at its top")
        try cursor.keyword("over")
        let duration = try cursor.duration("the spike")
        let half = Nanoseconds(duration.count / 2)
        return [
            Phase(.ramp, startRate: from, endRate: to, duration: half),
            Phase(.ramp, startRate: to, endRate: from, duration: duration - half),
        ]
    }

    /// `wave from 20/s to 80/s every 5m for 20m`
    private mutating func wave() throws(Complaint) -> Phase {
        cursor.shape = "wave from 20/s to 80/s every 5m for 20m"
        try cursor.keyword("from")
        let (from, to) = try rates("the rate at the start", "the rate half a wave later")
        try cursor.keyword("every")
        let period = try cursor.duration("the length of a wave")
        try cursor.keyword("for")
        let duration = try cursor.duration("the waves")
        return Phase(.wave, startRate: from, endRate: to, duration: duration, period: period)
    }

    // MARK: Parts

    /// `80/s for 9m`
    private mutating func level(_ kind: Phase.Kind, _ what: String) throws(Complaint) -> LoadModel {
        let rate = try cursor.rate("the rate")
        try cursor.keyword("for")
        let duration = try cursor.duration(what)
        return .open([Phase(kind, startRate: rate, endRate: rate, duration: duration)])
    }

    /// `50 users for 9m`
    private mutating func crowd(_ kind: Phase.Kind, _ what: String) throws(Complaint) -> LoadModel {
        let count = try cursor.count("the number of users", in: 1...Self.mostUsers, example: "50")
        _ = try cursor.choice(of: Self.users, calling: "`users`")
        try cursor.keyword("for")
        let duration = try cursor.duration(what)
        return .closed(
            [UserPhase(kind, startUsers: count, endUsers: count, duration: duration)], think: .none)
    }

    /// `20/s to 80/s`
    private mutating func rates(_ first: String, _ second: String) throws(Complaint) -> (Double, Double) {
        let from = try cursor.rate(first)
        try cursor.keyword("to")
        return (from, try cursor.rate(second))
    }
}
