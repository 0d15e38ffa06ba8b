import Plan

/// What is wrong with a request, or with the mix.
enum RequestProblem: Problem {
    case weightSum(percent: Double, count: Int)
    case noWeight(String)
    case notAPath(String)
    case pathScalar(Unicode.Scalar)
    case json(String, help: String?)
    case secondBody
    case bodyOfReading(String)
    case headerShape(String)
    case ownHeader(String)
    case headerLineEnd(String)
    case status(String)
    case timeoutBeyondDeadline(Nanoseconds, Nanoseconds)
    case trackedReading(String)
    case noKey
    case readBackKey(String)
    case readBackUnclear(String)
}

extension RequestProblem {
    var message: String {
        switch self {
        case .weightSum(let percent, let count):
            count == 1
                ? "the only request has a weight of \(percent.plain)%, not 100%"
                : "the weights of the \(count) requests add up to \(percent.plain)%, not 100%"
        case .noWeight(let method): "the request has no weight before `\(method)`"
        case .notAPath(let text): "`\(text)` is not a path"
        case .pathScalar("#"): "a path has no `#` fragment"
        case .pathScalar(" "): "a space cannot stand in a path"
        case .pathScalar(let scalar): "`\(scalar)` cannot stand in a path"
        case .json(let reason, _): "the body is not valid json: \(reason)"
        case .secondBody: "a second body in one request"
        case .bodyOfReading(let method): "\(method) carries no body"
        case .headerShape(let text): "`\(text)` is not a header"
        case .ownHeader(let name): "`\(name)` is written by the load engine itself"
        case .headerLineEnd(let name): "the value of `\(name)` holds a line end or another control character"
        case .status(let text): "`\(text)` is not a status from 200 to 599"
        case .timeoutBeyondDeadline(let timeout, let deadline):
            "the timeout of \(timeout) is longer than the deadline of \(deadline)"
        case .trackedReading(let method): "\(method) writes nothing that could be tracked"
        case .noKey: "the tracked request does not send its key, {uuid}"
        case .readBackKey(let path):
            "`\(path)` cannot be read back: it needs one {uuid} and no other placeholder"
        case .readBackUnclear(let path): "where `\(path)` is read back does not follow from its path"
        }
    }

    var note: String? {
        switch self {
        case .timeoutBeyondDeadline:
            "the timeout runs from sent, the deadline from due; unless said, they are 5s and 10s"
        case .trackedReading, .noKey, .readBackUnclear:
            "a tracked write is read back by GET after the run, to find lost ones"
        default: nil
        }
    }

    var help: String? {
        switch self {
        case .weightSum(let percent, let count):
            if count == 1 {
                "write 100%"
            } else if percent < 100 {
                "\((100 - percent).plain)% are missing"
            } else {
                "\((percent - 100).plain)% are too many"
            }
        case .noWeight(let method): "begin with its share of the requests: 100%  \(method) …"
        case .notAPath: "a path begins with `/`; the host comes from the system, or from --on"
        case .pathScalar("#"): "leave it out: a browser keeps it to itself, a server never sees it"
        case .pathScalar(let scalar):
            "percent-encode it: \(DataTable.Encoding.percent.encode(String(Character(scalar))))"
        case .json(_, let help): help
        case .secondBody: "leave one of them"
        case .bodyOfReading: "use POST, PUT or PATCH, or leave the body out"
        case .headerShape: "a header is a name, a colon and a value: \"Accept: text/html\""
        case .ownHeader: "leave it out"
        case .headerLineEnd: "leave it out"
        case .status(let text):
            text.contains(",")
                ? "put a space after each comma: expect 200, 304" : "for example: expect 200, 304"
        case .timeoutBeyondDeadline(let timeout, let deadline):
            "write deadline \(timeout * 2), or timeout \(deadline)"
        case .trackedReading: "track a POST, PUT or PATCH"
        case .noKey: "put it into the body or the path: json {\"id\": \"{uuid}\"}"
        case .readBackKey: "for example: tracked at /api/items/{uuid}"
        case .readBackUnclear: "say it: tracked at /api/items/{uuid}"
        }
    }
}
