package import Plan

/// The facts of one run that do not change while it goes on, and how it ended.
package struct RunRecord: Hashable, Sendable {
    package enum Ending: String, Hashable, Codable, Sendable, CaseIterable {
        /// No end was written: it runs, or was killed.
        case open
        case completed
        case interrupted
        /// Ended early by a stop condition, or because the target went away.
        case stopped
        /// The platform or target could not be reached before the start.
        case unreachable
        /// An error of our own.
        case failed
    }

    /// Sortable and unique: `20261124-093000-az-failure-x7k2`.
    package var id: String
    /// Wall clock at the start, UTC, ISO 8601 with milliseconds.
    package var startedAt: String
    package var plan: Plan
    package var seed: UInt64
    /// The command line that would run it again.
    package var command: String
    package var version: String
    package var environment: Environment
    package var ending: Ending
    /// Why it did not complete.
    package var problem: String?
    /// Real length of the load as it was played, without drain; nil while open.
    package var loadEnded: Nanoseconds?

    package init(
        id: String, startedAt: String, plan: Plan, seed: UInt64, command: String, version: String,
        environment: Environment, ending: Ending = .open, problem: String? = nil,
        loadEnded: Nanoseconds? = nil
    ) {
        self.id = id
        self.startedAt = startedAt
        self.plan = plan
        self.seed = seed
        self.command = command
        self.version = version
        self.environment = environment
        self.ending = ending
        self.problem = problem
        self.loadEnded = loadEnded
    }

    /// What the run was played on and against.
    package struct Environment: Hashable, Codable, Sendable {
        /// `lab`, `aws` or the URL.
        package var platform: String
        /// Base URLs the load went to, one for each balancer node.
        package var targets: [String]
        /// `root`, `rootless` or `loopback`; nil outside the lab.
        package var labMode: String?
        /// What the lab's mode cannot do, one line each.
        package var labLimits: [String]
        package var host: String
        package var kernel: String
        /// CPUs this process may use.
        package var processors: Int

        package var isLab: Bool { platform == "lab" }
        /// How often the platform was looked at, in real time: what a time seen there is known to.
        package var look: Nanoseconds { isLab ? .seconds(1) : .seconds(5) }

        package init(
            platform: String, targets: [String], labMode: String? = nil, labLimits: [String] = [],
            host: String,
            kernel: String, processors: Int
        ) {
            self.platform = platform
            self.targets = targets
            self.labMode = labMode
            self.labLimits = labLimits
            self.host = host
            self.kernel = kernel
            self.processors = processors
        }
    }
}
