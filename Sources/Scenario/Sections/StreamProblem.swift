/// What is wrong with loads that stand side by side.
enum StreamProblem: Problem {
    /// `load "a"` without `requests "a"`, or the other way round.
    case alone(String, lacks: String, others: [String])
    case tooMany(Int, limit: Int)
    /// `over https`
    case ownTransport(String)
    /// A check about a load that is not there.
    case unknown(String, known: [String])
    /// A promise about a load, which scenarios have.
    case promised(String)
}

extension StreamProblem {
    var message: String {
        switch self {
        case .alone(let section, let lacks, _): "`\(section)` has no `\(lacks)`"
        case .tooMany(let count, let limit): "\(count) loads at once; there can be \(limit)"
        case .unknown(let name, _): "no load is called `\(name)`"
        case .promised(let name): "a promise about the load `\(name)`"
        case .ownTransport(let words): "`\(words)` in a load that is not the first"
        }
    }

    var note: String? {
        switch self {
        case .alone: "of several loads each has requests of its own, under the same name"
        case .ownTransport: "all loads go to the same address, and the first says how"
        case .promised: "a promise is the system's own, whatever a scenario loads it with"
        case .tooMany, .unknown: nil
        }
    }

    var help: String? {
        switch self {
        case .alone(_, let lacks, let others):
            if let near = Suggestion.nearest(to: lacks, among: others) {
                "did you mean `\(near)`?"
            } else {
                "add a section that begins: \(lacks)"
            }
        case .tooMany: "make one of those that have the same rates, with a mix of their requests"
        case .ownTransport: "move it to the first load"
        case .promised: "leave the load out, or expect it in the scenario itself"
        case .unknown(let name, let known):
            known.isEmpty
                ? "give the load a name: load \(name)"
                : Suggestion.help(for: name, among: known.map { "\"\($0)\"" }, calling: "loads")
        }
    }
}
