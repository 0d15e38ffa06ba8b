import Plan

/// `load`: how many requests a second, and for how long.
struct LoadSection {
    private(set) var phases: [Phase] = []
    private(set) var transport: Transport?
    private(set) var isBroken = false

    static let example = "hold 80/s for 9m"

    init(_ section: Section, _ diagnostics: inout Diagnostics) {
        let before = diagnostics.errors
        for statement in section.statements where !statement.isBroken {
            do throws(Complaint) {
                if statement.first.text == "over" {
                    try over(statement)
                } else {
                    phases.append(try phase(statement))
                }
            } catch {
                diagnostics.add(error)
            }
        }
        isBroken = diagnostics.errors > before || section.isSuspect
        if !isBroken, !phases.isEmpty { checkAsAWhole(section, &diagnostics) }
    }

    /// `over https`
    private mutating func over(_ statement: Statement) throws(Complaint) {
        var cursor = Cursor(statement, shape: "over https")
        let verb = try cursor.any("`over`")
        try cursor.keyword("https")
        try cursor.finish()
        guard transport == nil else { throw Complaint(LoadProblem.secondTransport, at: verb.span) }
        transport = .https
    }

    private func phase(_ statement: Statement) throws(Complaint) -> Phase {
        var cursor = Cursor(statement, shape: Self.example)
        let verb = try cursor.choice(
            of: ["warm", "ramp", "hold", "over"], calling: "`warm up`, `ramp`, `hold` or `over https`")
        switch verb.text {
        case "warm":
            cursor.shape = "warm up at 20/s for 30s"
            try cursor.keyword("up")
            try cursor.keyword("at")
            let rate = try cursor.rate("the rate")
            try cursor.keyword("for")
            let duration = try cursor.duration("the warm-up")
            try cursor.finish()
            if phases.contains(where: { $0.kind != .warmUp }) {
                throw Complaint(LoadProblem.lateWarmUp, at: verb.span)
            }
            return Phase(.warmUp, startRate: rate, endRate: rate, duration: duration)
        case "ramp":
            cursor.shape = "ramp from 20/s to 80/s over 30s"
            try cursor.keyword("from")
            let from = try cursor.rate("the first rate")
            try cursor.keyword("to")
            let to = try cursor.rate("the last rate")
            try cursor.keyword("over")
            let duration = try cursor.duration("the ramp")
            try cursor.finish()
            return Phase(.ramp, startRate: from, endRate: to, duration: duration)
        default:
            let rate = try cursor.rate("the rate")
            try cursor.keyword("for")
            let duration = try cursor.duration("the hold")
            try cursor.finish()
            return Phase(.hold, startRate: rate, endRate: rate, duration: duration)
        }
    }

    private mutating func checkAsAWhole(_ section: Section, _ diagnostics: inout Diagnostics) {
        let head = section.head.first.span
        let total = phases.reduce(0.0) { $0 + $1.duration.inSeconds }
        if phases.allSatisfy({ $0.kind == .warmUp }) {
            diagnostics.add(LoadProblem.onlyWarmUp, at: head)
        } else if total * 1e9 > Quantity.duration.limit.value {
            diagnostics.add(
                QuantityProblem.tooLarge(
                    "the load", "\(Nanoseconds.seconds(total))", limit: Quantity.duration.limit.text),
                at: head)
        } else if Schedule(phases: phases).count == 0 {
            diagnostics.add(LoadProblem.noRequests, at: head)
        } else {
            return
        }
        isBroken = true
    }
}

/// What is wrong with the load as a whole.
enum LoadProblem: Problem {
    case lateWarmUp
    case onlyWarmUp
    case noRequests
    case secondTransport
}

extension LoadProblem {
    var message: String {
        switch self {
        case .lateWarmUp: "the warm-up comes after other load"
        case .onlyWarmUp: "the load is warm-up only, so nothing is measured"
        case .noRequests: "the load comes to no request at all"
        case .secondTransport: "`over https` is said twice"
        }
    }

    var note: String? {
        switch self {
        case .lateWarmUp, .onlyWarmUp: "requests of the warm-up are sent and recorded, but never judged"
        case .noRequests, .secondTransport: nil
        }
    }

    var help: String? {
        switch self {
        case .lateWarmUp: "put it first, or use `hold`"
        case .onlyWarmUp: "add a phase to measure, for example: hold 80/s for 9m"
        case .noRequests: "raise the rate, or make a phase longer"
        case .secondTransport: "leave one of them out"
        }
    }
}
