/// What is wrong with a check.
enum ExpectationProblem: Problem {
    case unknownSubject(String, near: String?)
    case whichLatency
    case percentile(String)
    case comparison(String)
    case emptyBetween
    case exactTime(String)
    case recoveryOfWhat
    case recoveryBound
    case scalingBound(isOut: Bool)
    case noStep(Int)
    case rollbackOfWhat
    case lostWritesWindow
    case probeWindow
    case nothingTracked
    case unknownFault(String, planned: [String])
    case ambiguousFault(String, planned: [String])
    /// A promise looks at a fault that the scenario does not plan, or plans more than once.
    case promisedFault(promise: String, words: String, planned: [String])
    case nothingExpected
}

extension ExpectationProblem {
    var message: String {
        switch self {
        case .unknownSubject(let word, _): "`\(word)` is not something that can be expected"
        case .whichLatency: "`latency` of which request?"
        case .percentile(let text): "`\(text)` is not a percentile"
        case .comparison(let text): "`\(text)` is not a comparison"
        case .emptyBetween: "nothing lies between: the second bound is smaller than the first"
        case .exactTime: "a latency is never met exactly"
        case .recoveryOfWhat: "`recovery` does not say from what"
        case .rollbackOfWhat: "`rolled back` does not say after which deployment"
        case .recoveryBound: "`recovery` takes an upper bound only"
        case .scalingBound(let isOut):
            isOut ? "`scale out` comes after a high CPU" : "`scale in` comes after a low CPU"
        case .noStep(let count): "from \(count) to \(count) is no step"
        case .lostWritesWindow: "`lost writes` looks at the whole run, and takes no window"
        case .probeWindow: "a probe has one answer, and takes no window"
        case .nothingTracked: "no request is `tracked`, so no lost write could be found"
        case .unknownFault(let words, _): "no fault reads `\(words)`"
        case .ambiguousFault(let words, _): "`\(words)` fits more than one fault"
        case .promisedFault(let promise, let words, let planned):
            planned.isEmpty
                ? "\"\(promise)\" looks at `\(words)`, and no such fault is planned"
                : "\"\(promise)\" looks at `\(words)`, and more than one such fault is planned"
        case .nothingExpected: "the scenario expects nothing, so it can neither be kept nor broken"
        }
    }

    var note: String? {
        switch self {
        case .ambiguousFault(_, let planned), .promisedFault(_, _, let planned):
            planned.isEmpty ? nil : "planned: \(planned.joined(separator: "; "))"
        case .nothingTracked: "a tracked write is read back by GET after the run"
        default: nil
        }
    }

    var help: String? {
        switch self {
        case .unknownSubject(_, let near?): "did you mean `\(near)`?"
        case .unknownSubject(_, nil):
            "checks: \(ExpectationReader.subjects.joined(separator: ", ")), keeps \"…\""
        case .whichLatency: "name a percentile: p50, p90, p95, p99, p99.9 or max latency"
        case .percentile(let text):
            text.dropFirst().allSatisfy(\.isASCIIDigit) && text.count == 4 && text.hasPrefix("p99")
                ? "did you mean `p99.\(text.suffix(1))`?" : "it lies between p0 and p100, as in p95 or p99.9"
        case .comparison(let text):
            switch text {
            case "\u{2264}", "=<": "did you mean `<=`?"
            case "\u{2265}", "=>": "did you mean `>=`?"
            case "==", "is": "did you mean `=`?"
            case "under", "below": "did you mean `<`?"
            case "over", "above": "did you mean `>`?"
            default: "comparisons: <, <=, >, >=, =, between … and …"
            }
        case .emptyBetween: "the smaller number comes first"
        case .exactTime: "use < or >"
        case .recoveryOfWhat: "name the fault: recovery < 120s after block zone"
        case .rollbackOfWhat: "name the fault: deployment of flask-app rolled back after deploy flask-app"
        case .recoveryBound: "use < or <="
        case .scalingBound(let isOut): isOut ? "use > or >=" : "use < or <="
        case .noStep: "write each count once, in the order they come: step 2, 3, 4, 3, 2"
        case .lostWritesWindow: "leave the window out: lost writes = 0"
        case .probeWindow: "leave the window out; the probe's own `at` says when it is asked"
        case .nothingTracked: "add `tracked` to a POST, PUT or PATCH that sends {uuid}"
        case .unknownFault(let words, let planned):
            if planned.isEmpty {
                "no fault is planned: add a `chaos` section"
            } else if let near = Suggestion.nearest(to: words, among: planned + planned.map(Self.verb)) {
                "did you mean `\(near)`?"
            } else {
                "planned: \(planned.joined(separator: "; "))"
            }
        case .ambiguousFault: "say more of it"
        case .promisedFault(_, let words, let planned):
            planned.isEmpty
                ? "plan one that begins with `\(words)`, or leave this promise to another scenario" : nil
        case .nothingExpected: "add an `expect` section"
        }
    }

    /// `block zone` of `block zone ap-south-1a`: how a fault is called for short.
    private static func verb(_ fault: String) -> String {
        fault.split(separator: " ").prefix(2).joined(separator: " ")
    }
}
