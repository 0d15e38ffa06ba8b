/// What is wrong with a replay, or to be known of it.
enum ReplayProblem: Error, Problem, Hashable {
    /// Something of a scenario that has no place in one with a replay.
    case beside(String)
    case nothingUsable
    case compressed
    case notHAR(String)
    case tooMany(limit: Int)
    case tooLong(hours: String, limit: String)
    case leftOut(Int, RecordedRequests.Unit, first: Int)
    case elsewhere(Int, host: String, others: [String])
    case bodiless(Int)
}

extension ReplayProblem {
    var message: String {
        switch self {
        case .beside(let what): "\(what) beside a replay"
        case .nothingUsable: "there is no request in it that can be sent"
        case .compressed: "it is compressed"
        case .notHAR(let reason): "it is JSON, but no HAR: \(reason)"
        case .tooMany(let limit): "it has more than \(limit) requests, which is the most"
        case .tooLong(let hours, let limit): "it lasts \(hours)h; the most is \(limit)"
        case .leftOut(1, let unit, let first):
            "\(unit == .line ? "line" : "entry") \(first) is left out: it is no request that can be sent"
        case .leftOut(let count, let unit, let first):
            "\(count) \(unit == .line ? "lines" : "entries") are left out: they are no requests that can be sent"
                + " (the first is \(unit == .line ? "line" : "entry") \(first))"
        case .elsewhere(let count, let host, let others):
            "\(count) \(count == 1 ? "request goes" : "requests go") to other hosts than \(host), and "
                + "\(count == 1 ? "is" : "are") left out: \(ReplayProblem.list(others))"
        case .bodiless(let count):
            "\(count) \(count == 1 ? "request" : "requests") of POST, PUT or PATCH will be sent without a body"
        }
    }

    var note: String? {
        switch self {
        case .beside: "a replay has its own requests, and its own times for them"
        case .bodiless: "an access log has no bodies"
        case .nothingUsable, .compressed, .notHAR, .tooMany, .tooLong, .leftOut, .elsewhere: nil
        }
    }

    var help: String? {
        switch self {
        case .beside:
            "leave one of them out; other requests can have a load of their own, with a name: load \"other\""
        case .nothingUsable:
            "access logs are read in the Common or Combined Log Format, or as AWS's Application Load Balancer "
                + "writes them, and HAR 1.2"
        case .compressed: "unpack it first: gunzip access.log.gz"
        case .notHAR: "a HAR has its requests in `log.entries`"
        case .tooMany, .tooLong: "take a part of it"
        case .bodiless: "record them as HAR, or take them out of the log"
        case .leftOut, .elsewhere: nil
        }
    }

    private static let hostsNamed = 5

    private static func list(_ hosts: [String]) -> String {
        let rest = hosts.count - hostsNamed
        return hosts.prefix(hostsNamed).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
