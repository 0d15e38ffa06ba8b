import Plan

/// What is wrong with a journey, or with a value that it takes.
enum JourneyProblem: Problem {
    case openLoad
    /// A percentage before a request.
    case share(String)
    case tracked
    case takenInMix
    case notAName(String)
    case hidesPlaceholder(String)
    case namedLikeData(String)
    case notAPath(String)
    case notAHeader(String)
    case notARegex(Pattern.Fault)
    case noBody(String)
}

extension JourneyProblem {
    var message: String {
        switch self {
        case .openLoad: "a journey in a load that has rates"
        case .share(let text): "the share `\(text)` of a request that stands in order"
        case .tracked: "a tracked write in a journey"
        case .takenInMix: "`take` in a mix of requests"
        case .notAName(let text): "`\(text)` is not a name for a value"
        case .hidesPlaceholder(let name): "a value called `\(name)`, as a placeholder is"
        case .namedLikeData(let name): "a value called `\(name)`, as data are"
        case .notAPath(let text): "`\(text)` is not the path of one value in json"
        case .notAHeader(let text): "`\(text)` is not the name of a header"
        case .notARegex(let fault): Self.words(fault)
        case .noBody(let method): "the answer to \(method) has no body to take a value from"
        }
    }

    var note: String? {
        switch self {
        case .openLoad:
            "a user waits for each answer before it goes on; with a rate, requests are due whatever the answers do"
        case .share: "each user sends all requests of a journey, one after the other"
        case .tracked:
            "it is written down ahead, by its number alone; in a journey that does not say yet who sends what"
        case .takenInMix: "the requests of a mix have no order: which of them comes before another is drawn"
        case .hidesPlaceholder, .namedLikeData, .notAName, .notAPath, .notAHeader, .notARegex, .noBody: nil
        }
    }

    var help: String? {
        switch self {
        case .openLoad: "say users instead of rates, for example: hold 50 users for 9m"
        case .share: "leave it out; or leave out `in order`, for a mix"
        case .tracked: "leave it out, or track the write in a mix, in a scenario of its own"
        case .takenInMix: "write `requests in order`, and leave the percentages out"
        case .notAName: "it reads: take token from json \"$.token\"; a name has letters, digits, - and _"
        case .hidesPlaceholder, .namedLikeData: "choose another name"
        case .notAPath: "a path has keys and places, and means one value: $.items[0].id, $['first name']"
        case .notAHeader: "only its name: take token from header \"X-Token\""
        case .notARegex(.tooLong):
            "name only what stands beside the value: name=\\\"csrf\\\" value=\\\"([^\\\"]+)\\\""
        case .notARegex:
            "there are . [a-z] [^\\\"] \\\\d \\\\w \\\\s, each also with * + ? *? +? ??, and one group: id=(\\\\d+)"
        case .noBody: "take it from a header, or use GET"
        }
    }

    private static func words(_ fault: Pattern.Fault) -> String {
        switch fault {
        case .unsupported(let sign, let at):
            "`\(sign)` as sign \(at + 1) of a regular expression is not known here"
        case .unknownEscape(let sign, let at):
            "`\\\(sign)` as sign \(at) of a regular expression is not known here"
        case .nothingToRepeat(let at): "sign \(at + 1) of the regular expression repeats nothing"
        case .openClass(let at): "the bracket that is sign \(at + 1) of the regular expression is not closed"
        case .notASCII(let at):
            "sign \(at + 1) of the regular expression, which is not ASCII, can only stand alone"
        case .backwards(let at): "the range at sign \(at + 1) of the regular expression is backwards"
        case .groups: "a regular expression has one group in parentheses, which is the value"
        case .tooLong: "the regular expression has over \(Pattern.lengthLimit) signs"
        }
    }
}
