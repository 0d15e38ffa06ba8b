/// What is wrong with a load.
enum LoadProblem: Problem {
    case noPhase
    case lateWarmUp
    case onlyWarmUp
    case noRequests
    /// `over https`, `think` or `poisson arrivals`.
    case twice(String)
    case mixed(startedWithUsers: Bool)
    case thinkingWithoutUsers
    case poissonUsers
    case thinkingBackwards(shortest: String, longest: String)
    case agingHTTP2
    case unevenSteps(from: Double, to: Double, by: Double)
}

extension LoadProblem {
    var message: String {
        switch self {
        case .noPhase: "the load has no phase, so it sends nothing"
        case .lateWarmUp: "the warm-up comes after other load"
        case .onlyWarmUp: "the load is warm-up only, so nothing is measured"
        case .noRequests: "the load comes to no request at all"
        case .twice(let words): "`\(words)` is said twice"
        case .mixed(let users):
            "\(users ? "a rate" : "users") in a load that has \(users ? "users" : "rates")"
        case .thinkingWithoutUsers: "`think` in a load without users"
        case .poissonUsers: "`poisson arrivals` in a load of users"
        case .thinkingBackwards(let shortest, let longest): "\(shortest) to \(longest) is backwards"
        case .agingHTTP2: "`reconnect after` in a load over HTTP/2"
        case .unevenSteps(let from, let to, let by):
            "from \(from.plain)/s to \(to.plain)/s is no whole number of steps of \(by.plain)/s"
        }
    }

    var note: String? {
        switch self {
        case .lateWarmUp, .onlyWarmUp: "requests of the warm-up are sent and recorded, but never judged"
        case .mixed:
            "with a rate, requests are due whatever the answers do; a user waits for each answer before the next"
        case .thinkingWithoutUsers:
            "with a rate, requests are due whatever the answers do: nobody thinks in between"
        case .poissonUsers: "when a user's next request comes, its last answer and `think` decide"
        case .agingHTTP2: "its connections are always in use by some request: none is free to be given up"
        case .noPhase, .noRequests, .twice, .thinkingBackwards, .unevenSteps: nil
        }
    }

    var help: String? {
        switch self {
        case .lateWarmUp: "put it first, or use `hold`"
        case .noPhase: "add one, for example: hold 80/s for 9m, or replay a recording"
        case .onlyWarmUp: "add a phase to measure, for example: hold 80/s for 9m"
        case .noRequests: "raise the rate, or make a phase longer"
        case .twice, .poissonUsers, .agingHTTP2: "leave one of them out"
        case .mixed: "put it into a load of its own, with a name: load \"other\", requests \"other\""
        case .thinkingWithoutUsers:
            "leave it out, or say users instead of a rate, for example: hold 50 users for 9m"
        case .thinkingBackwards(let shortest, let longest): "did you mean `think \(longest) to \(shortest)`?"
        case .unevenSteps(let from, let to, let by):
            "the steps end at \((from + (to < from ? -by : by) * (abs(to - from) / by).rounded(.down)).plain)/s"
        }
    }
}
