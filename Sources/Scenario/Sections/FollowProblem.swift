import Plan

/// What does not go with `follow`.
enum FollowProblem: Problem {
    case tracked
    case expected(Int)

    /// nil: all that the request has goes with it.
    init?(in request: Request) {
        if request.tracking != nil {
            self = .tracked
        } else if let status = request.expectedStatuses.first(where: Request.Redirects.lead) {
            self = .expected(status)
        } else {
            return nil
        }
    }
}

extension FollowProblem {
    var message: String {
        switch self {
        case .tracked: "`follow` and `tracked` in one request"
        case .expected(let status): "`follow` and `expect \(status)` in one request"
        }
    }

    var note: String? {
        switch self {
        case .tracked:
            "a tracked write counts by its own answer, and a redirect does not say that it was made"
        case .expected: "a redirect is followed, and the last answer is the one that is expected"
        }
    }

    var help: String? {
        switch self {
        case .tracked: "leave one of them"
        case .expected(let status):
            "leave \(status) out, or leave out `follow`: then the redirect is the answer"
        }
    }
}
