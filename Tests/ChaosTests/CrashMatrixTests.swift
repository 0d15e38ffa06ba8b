import AWS
import Chaos
import Foundation
import Glibc
import Plan
import Spawn
import Synchronization
import TestKit
import Testing

/// Whatever moment a run dies in, and whatever call fails it: everything that it has changed is changed back.
///
/// Every fault of the catalogue, every call of its life from the first question to the last, before the call takes effect
/// and after it. Between two calls the only thing that happens is a row in the journal, which stands before the next.
@Suite(.serialized) struct CrashMatrixTests {
    static let faults: [PlannedFault] = [
        fault("kill 1 task of web", .killTasks(count: 1, service: "web", zone: nil)),
        fault("hang 1 task of web", .hangTasks(count: 1, service: "web", zone: nil), for: 60),
        fault("interrupt 1 task of web", .interruptSpot(count: 1, service: "web")),
        fault("block zone eu-test-1a", .blockZone("eu-test-1a"), for: 60),
        fault("lose zone eu-test-1b", .loseZone("eu-test-1b"), for: 60),
        fault("lose app", .loseService("app"), for: 60),
        fault("scale web to 3 tasks", .scale(service: "web", tasks: 3), for: 60),
        fault("fail over database", .failOverDatabase),
        fault("lose nat", .loseNAT(zone: nil), for: 60),
        fault("deploy app", .deploy(service: "app", .good)),
        fault("cut app from web", .cut(service: "app", from: .service("web")), for: 60),
        fault("lose 5% of packets of app", .losePackets(percent: 5, service: "app"), for: 60),
        fault("delay app by 50ms", .delay(service: "app", by: .milliseconds(50)), for: 60),
        fault("stress cpu of app", .stressCPU(service: "app"), for: 60),
        fault("exhaust connections", .exhaustConnections(service: "app"), for: 60),
        fault("shell", .shell(command: "touch \(mark)", undo: "rm -f \(mark)"), for: 60),
    ]
    /// What the shell's command leaves behind.
    fileprivate static let mark = NSTemporaryDirectory() + "crash-matrix-\(getpid())"

    private static func fault(_ name: String, _ fault: Fault, for seconds: Double? = nil) -> PlannedFault {
        PlannedFault(name: name, fault: fault, at: .zero, duration: seconds.map(Nanoseconds.seconds))
    }

    @Test func `every fault there is stands in the matrix`() {
        let kinds = Set(Self.faults.map { "\(type(of: $0.fault.action))" })
        #expect(kinds.count == FaultDescription.all.count)
    }

    @Test(arguments: faults) func `killed at any call, the journal is enough`(
        fault: PlannedFault
    ) async throws {
        let calls = try await Trial(fault).calls()
        try await kill(fault, at: Array(1...calls), "the journal") { try await $0.recover() }
    }

    @Test(arguments: faults) func `killed at any call, its watchdog is enough`(
        fault: PlannedFault
    ) async throws {
        try await kill(fault, at: try await Trial(fault).mutations(), "its watchdog") { try $0.watchdog() }
    }

    @Test(arguments: faults) func `killed at any call, tags alone are enough`(
        fault: PlannedFault
    ) async throws {
        try await kill(fault, at: try await Trial(fault).mutations(), "tags") { try await $0.recoverByTags() }
    }

    /// Before each of these calls takes effect, and after.
    private func kill(
        _ fault: PlannedFault, at calls: [Int], _ savedBy: String, then recover: (Trial) async throws -> Void
    ) async throws {
        for call in calls {
            for moment in Moment.allCases {
                let trial = try Trial(fault)
                try trial.kill(at: call, moment)
                try await recover(trial)
                trial.expectAllGivenBack("killed \(moment) call \(call), saved by \(savedBy)")
            }
        }
        print("crash matrix: \(fault.name): \(calls.count * 2) kills, all given back by \(savedBy)")
    }

    @Test(arguments: faults) func `whatever call fails once, all is given back by the run itself`(
        fault: PlannedFault
    ) async throws {
        try await fail(fault) { trial, call, failure in
            try await trial.play { $0 == call ? failure : nil }
        }
    }

    @Test(arguments: faults) func `when no call works any more, recover gives all back later`(
        fault: PlannedFault
    ) async throws {
        try await fail(fault) { trial, call, failure in
            try await trial.play { $0 >= call ? failure : nil }
            try await trial.recover()
        }
    }

    /// At every call, in every way.
    private func fail(
        _ fault: PlannedFault, _ story: (Trial, Int, Failure) async throws -> Void
    ) async throws {
        for call in 1...(try await Trial(fault).calls()) {
            for failure in Failure.allCases {
                let trial = try Trial(fault)
                try await story(trial, call, failure)
                trial.expectAllGivenBack("call \(call): \(failure)")
            }
        }
    }
}

/// When a run dies.
private enum Moment: CaseIterable {
    /// The call has reached AWS and done nothing.
    case before
    /// It has taken effect, and nobody has heard of it.
    case after
}

/// What an API answers when it is not well.
private enum Failure: CaseIterable {
    case throttled
    case broken
    /// The call takes effect all the same.
    case brokenAfterwards
    /// The call takes effect; its answer never comes.
    case lost

    func reply(_ answer: () -> ScriptedAWS.Reply) -> ScriptedAWS.Reply {
        switch self {
        case .throttled: return .status(400, #"{"__type":"ThrottlingException","message":"Rate exceeded"}"#)
        case .broken: return .status(500, "")
        case .brokenAfterwards:
            _ = answer()
            return .status(500, "")
        case .lost:
            _ = answer()
            return .close
        }
    }
}

/// A cloud that may be told to answer otherwise, by the number of the call.
private final class Interceptor: Sendable {
    /// The call's number from 1, and what the cloud answers if it is let.
    typealias Script = @Sendable (_ call: Int, _ answer: () -> ScriptedAWS.Reply) -> ScriptedAWS.Reply

    let cloud = ScriptedAWSCloud()
    private let state = Mutex<(calls: Int, script: Script?)>((0, nil))

    var calls: Int { state.withLock { $0.calls } }
    func follow(_ script: Script?) { state.withLock { $0.script = script } }

    func answer(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        let (call, script) = state.withLock { state in
            state.calls += 1
            return (state.calls, state.script)
        }
        guard let script else { return cloud.answer(request) }
        return script(call) { cloud.answer(request) }
    }
}

/// One fault, played once on a cloud of its own.
private final class Trial: Sendable {
    private let fault: PlannedFault
    private let interceptor = Interceptor()
    private let server: ScriptedAWS
    private let folder: URL
    private let before: String

    init(_ fault: PlannedFault) throws {
        self.fault = fault
        interceptor.cloud.change { state in
            state.templates = ["EXT1": "web"]
            for index in state.tasks.indices { state.tasks[index].capacityProvider = "FARGATE_SPOT" }
            state.scalableTargets = ["web": .init(2, 4)]
        }
        server = try ScriptedAWS { [interceptor] in interceptor.answer($0) }
        folder = FileManager.default.temporaryDirectory.appending(path: "crash-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        before = interceptor.cloud.now.settled
    }

    deinit {
        server.stop()
        try? FileManager.default.removeItem(at: folder)  // The system's own sweep has what is left.
    }

    private var journal: String { folder.appending(path: "journal.sqlite").path }
    private var platform: AWSPlatform {
        AWSPlatform(
            configuration: AWSConfiguration(
                region: "eu-test-1", endpoints: Endpoints(all: server.url), credentials: Credentials.lab,
                pause: { _ in }))
    }

    // MARK: Whole lives

    /// How many calls a life without any failure makes.
    func calls() async throws -> Int {
        try await play { _ in nil }
        expectAllGivenBack("nothing failed")
        return interceptor.calls
    }

    /// Those of them that may change something, by their numbers.
    func mutations() async throws -> [Int] {
        try await play { _ in nil }
        let reads = ["Describe", "List", "Get"]
        return server.requests.enumerated().compactMap { place, request in
            let isRead = reads.contains { request.action.hasPrefix($0) } || request.method == "GET"
            return isRead ? nil : place + 1
        }
    }

    func play(failing: @escaping @Sendable (_ call: Int) -> Failure?) async throws {
        interceptor.follow { call, answer in failing(call)?.reply(answer) ?? answer() }
        let engine = ChaosEngine(
            plan: Stage.plan([fault]), platform: platform, journal: try Journal(path: journal),
            runID: "run-1",
            seed: 11, clock: EagerClock(), writer: MemoryHistory(), ownAddresses: [])
        await engine.play(0)
        _ = await engine.healAll()
    }

    // MARK: Deaths

    /// Plays it in a process of its own, which is killed at this call.
    func kill(at fatal: Int, _ moment: Moment) throws {
        let plan = folder.appending(path: "plan.json")
        try JSONEncoder().encode(Stage.plan([fault])).write(to: plan)
        let victim = Mutex<pid_t>(0)
        interceptor.follow { call, answer in
            guard call >= fatal else { return answer() }
            if moment == .after { _ = answer() }
            // It may call before we have heard which process it is.
            while victim.withLock({ $0 }) == 0 { usleep(100) }
            victim.withLock { _ = Glibc.kill($0, SIGKILL) }
            return .close
        }
        let player = try Child(unheard: .built("FaultPlayer", [plan.path, server.url, journal]))
        victim.withLock { $0 = player.id }
        let code = player.wait()
        interceptor.follow(nil)
        #expect(code == 128 + Int(SIGKILL), "it ended before call \(fatal)")
    }

    // MARK: Whoever comes afterwards

    func recover() async throws {
        interceptor.follow(nil)
        let platform = platform
        _ = try await Recovery.recover(try Journal(path: journal)) { _ in platform }
    }

    /// From another machine: the journal is gone with this one.
    func recoverByTags() async throws {
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where file.hasPrefix("journal") {
            try FileManager.default.removeItem(at: folder.appending(path: file))
        }
        let system = try #require(Stage.plan([fault]).system)
        let found = try await TagRecovery.find(system, on: platform)
        #expect(found.unreadable.isEmpty)
        for debt in found.debts {
            let outcome = await TagRecovery.pay(debt, on: platform)
            guard case .reverted = outcome else {
                Issue.record("\(debt.debt.fault): \(outcome)")
                continue
            }
        }
        #expect(try await TagRecovery.find(system, on: platform).debts.isEmpty)
    }

    func watchdog() throws {
        let watchdog = Program.built("loadchaos", ["__watchdog", "run-1", "--journal", journal])
        #expect(try Child(unheard: watchdog).wait() == 0)
    }

    func expectAllGivenBack(_ story: String) {
        #expect(interceptor.cloud.now.settled == before, "\(fault.name): \(story)")
        #expect(access(CrashMatrixTests.mark, F_OK) != 0, "\(fault.name): \(story)")
        #expect(throws: Never.self) {
            let left = try Journal(path: journal).unpaid()
            #expect(left.isEmpty, "\(fault.name): \(story)")
        }
    }
}
