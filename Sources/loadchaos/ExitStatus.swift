import ArgumentParser
import History
import Verdict

/// What a pipeline may rely on: the meaning of each exit code.
enum ExitStatus: Int32 {
    case kept = 0
    case broken = 1
    case unknown = 2
    case notHealed = 3
    case usage = 64
    case badScenario = 65
    case unreachable = 69
    case ourBug = 70
    case interrupted = 130

    var code: ExitCode { ExitCode(rawValue) }

    static let help = """
        Exit codes:
          0    every promise was kept, or broken as the system file says it is known to be
          1    a promise was broken, a stop condition fired, or the target went down during the run
          2    not knowable: too little data, an unproved fault, or the generator was the bottleneck
          3    a fault could not be healed; the output says what is left and how to undo it
          64   wrong usage
          65   a bad scenario
          69   platform or target unreachable before the start
          70   a bug in loadchaos
          130  interrupted; every fault was healed first
        """
}

extension ExitStatus {
    /// A fault that is still in place comes before everything; then how the run ended; then what its promises say.
    init(_ verdict: Verdict) {
        switch (verdict.answer, verdict.ending) {
        case (.notHealed, _): self = .notHealed
        case (_, .interrupted): self = .interrupted
        case (_, .unreachable): self = .unreachable
        case (_, .failed): self = .ourBug
        case (let answer, _): self.init(answer)
        }
    }
}

extension ExitStatus {
    /// What one answer alone comes to.
    init(_ answer: Answer) {
        switch answer {
        case .kept, .knownBroken: self = .kept
        case .unknown: self = .unknown
        case .broken: self = .broken
        case .notHealed: self = .notHealed
        }
    }

    /// The code of a gate: the worst of its plays. A promise that is known to be broken says more than a run that could
    /// not be played.
    static func worst(_ all: [ExitStatus]) -> ExitStatus {
        let order: [ExitStatus] = [
            .kept, .unknown, .usage, .badScenario, .unreachable, .ourBug, .broken, .interrupted, .notHealed,
        ]
        return all.max { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) } ?? .unknown
    }
}
