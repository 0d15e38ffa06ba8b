import ArgumentParser
import Capacity
import Foundation
import Plan

/// Numbers of tasks: `2,3,4`.
struct TaskCountsArgument: ExpressibleByArgument {
    var counts: [Int]

    init?(argument: String) {
        let counts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard !counts.isEmpty, counts.allSatisfy({ (1...100).contains($0) }) else { return nil }
        self.counts = Set(counts).sorted()
    }
}

/// `70%`: over nothing, under all.
struct ShareArgument: ExpressibleByArgument {
    var share: Double

    init(share: Double) { self.share = share }

    init?(argument: String) {
        guard argument.hasSuffix("%"), let percent = Double(argument.dropLast()), percent > 0, percent < 100
        else { return nil }
        share = percent / 100
    }

    var defaultValueDescription: String { "\(Int((share * 100).rounded()))%" }
}

extension Growth: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// What `capacity` measures, and how.
struct CapacityMeasuring: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Nothing is measured: the stages of an earlier measurement are taken, by its name or `last`.",
            valueName: "name"))
    var measured: String?

    @Option(
        help: ArgumentHelp(
            "The service whose tasks are counted: the one that scales with the largest tasks, unless given.",
            valueName: "name"))
    var service: String?

    @Option(
        help: ArgumentHelp("Numbers of tasks, as in 2,3,4: all that its limits allow.", valueName: "counts"))
    var tasks: TaskCountsArgument?

    @Option(
        help: ArgumentHelp(
            "The p95 to be met: the tightest that the system promises, unless given.", valueName: "time"))
    var p95: DurationArgument?

    @Option(help: ArgumentHelp("The error rate not to be reached.", valueName: "share"))
    var errors = ShareArgument(share: Objective.usualErrorRate)

    @Option(help: ArgumentHelp("The first rate, for the first number of tasks.", valueName: "rate"))
    var startAt = RateArgument(perSecond: 40)

    @Option(help: ArgumentHelp("The largest rate that is ever played.", valueName: "rate"))
    var upTo = RateArgument(perSecond: 5_000)

    @Option(help: "Repeats the random choices of an earlier measurement.")
    var seed: UInt64?

    func validate() throws {
        if startAt.perSecond > upTo.perSecond {
            throw ValidationError(
                "--start-at is over --up-to: \(startAt.perSecond)/s and \(upTo.perSecond)/s")
        }
    }
}

/// What the plan is made for.
struct CapacityPlanning: ParsableArguments {
    @Option(help: ArgumentHelp("Requests at the busiest time.", valueName: "rate"))
    var demand: RateArgument?

    @Option(help: ArgumentHelp("How the demand grows: 8%/month or 120%/year.", valueName: "growth"))
    var growth: Growth?

    @Option(
        help: ArgumentHelp(
            "The traffic of some time as CSV, time,rate: its peak is the demand, its ramps must be kept up with.",
            valueName: "file"))
    var traffic: String?

    @Option(help: ArgumentHelp("How much of what its tasks carry may be used at most.", valueName: "share"))
    var target = ShareArgument(share: CapacityPlan.usualTarget)

    func validate() throws {
        if growth != nil, demand == nil, traffic == nil {
            throw ValidationError("--growth needs to know from where: add --demand or --traffic")
        }
    }

    struct Demand {
        var rate: Double?
        var growth: Growth?
        var traffic: Traffic?
        var target: Double
    }

    /// A file that cannot be read ends the command before anything is measured.
    func read() throws -> Demand {
        Demand(
            rate: demand?.perSecond, growth: growth, traffic: try traffic.map(Self.traffic),
            target: target.share)
    }

    private static func traffic(_ path: String) throws -> Traffic {
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw CommandProblem(.usage, "--traffic \(path) cannot be read: \(error.localizedDescription)")
        }
        do { return try Traffic.csv(text) } catch {
            throw CommandProblem(.usage, "--traffic \(path), \(error)")
        }
    }
}
