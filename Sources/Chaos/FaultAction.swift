package import AWS
package import Plan

/// A kind of fault before it has met the platform: one file each, listed in `FaultAction.of`.
///
/// To write another: docs/faults.md.
package protocol FaultAction: Sendable {
    /// What `loadchaos faults` and `loadchaos plan` say of it.
    static var about: FaultDescription { get }

    /// Reads the platform and says exactly what would be hit. Changes nothing.
    func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault
}

/// A fault that knows its targets. The order of calls is undo → inject → effect → revert (of `undo`) → healing.
package protocol ResolvedFault: Sendable {
    /// The resources it acts on, for people: ids, with zone or address.
    var targets: [String] { get }
    /// The tags of each target that the guard must find; empty where targets have none of their own.
    var guarded: [GuardedTarget] { get }
    /// How much it takes away of which services, as they are now. Asked before `inject`, where the guard limits it.
    func strikes() async throws(FaultProblem) -> [Strike]
    /// The network interfaces that it cuts off.
    func cutOff() async throws(FaultProblem) -> [NetworkInterface]
    /// The resources that carry the debt as tags while it is owed: those that it changes and has not made.
    var marks: [Mark] { get }
    /// The mutating calls, for people, in order; without those that mark.
    var calls: [String] { get }
    /// Journaled before `inject`.
    var undo: Undo { get }
    /// How long a fault without duration may take to show, on the scenario clock, where that is longer than usual.
    var effectLimit: Nanoseconds? { get }

    /// Makes the mutating calls. `made` journals what a call has made, durably, before the next call; `tags` go on
    /// what is made, from the call on that makes it: whose it is, and the debt.
    func inject(
        tagged tags: [String: String], made: @Sendable ([String: String]) throws -> Void
    ) async throws(FaultProblem) -> [String: String]
    /// Looks once whether the harm is there. `harm`: what the clients notice, in words; nil: nothing so far.
    func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem) -> Observation
    /// Looks once whether all is as it was before.
    func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation
}

extension ResolvedFault {
    package var effectLimit: Nanoseconds? { nil }
    package var marks: [Mark] { [] }
    package func cutOff() async throws(FaultProblem) -> [NetworkInterface] { [] }
}

/// What one look has shown, in words fit for a report.
package enum Observation: Hashable, Sendable {
    case proved(String)
    /// What is missing.
    case notYet(String)
}

/// All that a fault may know.
package struct FaultContext: Sendable {
    package var platform: AWSPlatform
    package var system: System
    package var run: String
    package var seed: UInt64
    /// The fault's index and name in the Plan.
    package var index: Int
    package var name: String
    /// How long it is to last, on the scenario's clock; nil for a fault that is over at once.
    package var duration: Nanoseconds?

    package init(
        platform: AWSPlatform, system: System, run: String, seed: UInt64, index: Int, name: String,
        duration: Nanoseconds? = nil
    ) {
        self.platform = platform
        self.system = system
        self.run = run
        self.seed = seed
        self.index = index
        self.name = name
        self.duration = duration
    }
}

extension FaultContext {
    /// What a fault starts and nobody is left to end, ends by itself this much after the fault's own time.
    static let graceSeconds = 60

    /// How long it may live, in real seconds where the fault's time is the scenario's: rather too long than too short.
    var lifetimeSeconds: Int { Int((duration?.inSeconds ?? 0).rounded(.up)) + Self.graceSeconds }

    /// A service of the system as it is now; one that is not there cannot be acted on.
    func service(_ name: String) async throws(FaultProblem) -> ECSService {
        let found = try await asking { () async throws(AWSError) in
            try await platform.ecs.describeServices(cluster: system.cluster, [name])
        }
        guard let service = found.first else {
            throw .noTarget("service \(name) is not in cluster \(system.cluster)")
        }
        return service
    }

    /// Where a service of the system listens.
    func port(of service: String) throws(FaultProblem) -> Int {
        guard let port = system.services.first(where: { $0.name == service })?.port else {
            throw .noTarget("the system names no port of \(service)")
        }
        return port
    }
}

/// A resource that must carry the guard's tag.
package struct GuardedTarget: Hashable, Sendable {
    package var id: String
    package var tags: [String: String]
}

/// Why a fault could not be resolved, injected or looked at.
package enum FaultProblem: Error, Sendable, CustomStringConvertible {
    case platform(AWSError)
    case journal(JournalError)
    /// There is nothing fit to act on; in words, with what to do.
    case noTarget(String)
    /// The platform is not as it was resolved.
    case changed(String)
    /// What the clients notice could not be read.
    case recording(String)

    package var description: String {
        switch self {
        case .platform(let error): "\(error)"
        case .journal(let error): "\(error)"
        case .noTarget(let words), .changed(let words), .recording(let words): words
        }
    }
}

extension Fault {
    /// The one visible list of faults.
    package var action: any FaultAction {
        switch self {
        case .killTasks(let count, let service, let zone):
            KillTasks(count: count, service: service, zone: zone)
        case .blockZone(let zone): BlockZone(zone: zone)
        case .hangTasks(let count, let service, let zone):
            HangTasks(count: count, service: service, zone: zone)
        case .failOverDatabase: FailOverDatabase()
        case .loseZone(let zone): LoseZone(zone: zone)
        case .loseService(let service): LoseService(service: service)
        case .deploy(let service, let release): Deploy(service: service, release: release)
        case .interruptSpot(let count, let service): InterruptSpot(count: count, service: service)
        case .loseNAT(let zone): LoseNAT(zone: zone)
        case .scale(let service, let tasks): ScaleService(service: service, tasks: tasks)
        case .cut(let service, let dependency): CutDependency(service: service, dependency: dependency)
        case .losePackets(let percent, let service): LosePackets(percent: percent, service: service)
        case .delay(let service, let delay): DelayPackets(service: service, delay: delay)
        case .stressCPU(let service): StressCPU(service: service)
        case .exhaustConnections(let service): ExhaustConnections(service: service)
        case .shell(let command, let undo): RunShell(command: command, undoing: undo)
        }
    }
}

/// Turns what AWS says into a fault's problem.
func asking<Answer>(
    _ question: () async throws(AWSError) -> Answer
) async throws(FaultProblem) -> Answer {
    do {
        return try await question()
    } catch {
        throw .platform(error)
    }
}
