import AWS
import Plan

/// `exhaust connections of database as SERVICE for D`: one task of the service's own revision, in its subnets and
/// with its credentials, which opens connections to the database until it is given no more, and holds them.
struct ExhaustConnections: FaultAction {
    var service: String

    /// The client is the one that the image has anyway, and so are its address and its keys. What a task or the
    /// database gives up meanwhile is taken at once. The lines say what it holds whenever that has changed.
    static let program = """
        from os import environ
        from sys import stdout
        from time import sleep
        try:
            from psycopg import OperationalError, connect
        except ImportError:
            from psycopg2 import OperationalError, connect
        held, told = [], None
        while True:
            try:
                held.append(connect(environ.get("DATABASE_URL", ""), connect_timeout=2))
            except OperationalError as error:
                if len(held) != told:
                    stdout.write(f"holds {len(held)} connections, refused: {' '.join(str(error).split())}\\n")
                    stdout.flush()
                    told = len(held)
                sleep(0.1)
        """

    func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let cluster = context.system.cluster
        guard let database = context.system.database else { throw .noTarget("the system has no database") }
        let service = try await context.service(self.service)
        guard let network = service.network else {
            throw .noTarget("\(service.name) does not say in which subnets its tasks run")
        }
        let definition = try await asking { () async throws(AWSError) in
            try await context.platform.ecs.describeTaskDefinition(service.taskDefinition)
        }
        guard let log = definition.log else { throw .noTarget("\(definition.arn) has no container") }
        let starter = RunTaskOrder.starter(run: context.run, purpose: "\(context.index)")
        return Resolved(
            context: context, service: service, database: database, log: log,
            order: RunTaskOrder(
                cluster: cluster, taskDefinition: definition.arn, network: network, container: log.container,
                command: ["timeout", "\(context.lifetimeSeconds)", "python3", "-c", Self.program],
                environment: [:],
                startedBy: starter, token: "loadchaos-\(String(Draw.hash(starter), radix: 16))"),
            stop: StopTasks(cluster: cluster, startedBy: starter))
    }

    struct Resolved: ResolvedFault {
        let context: FaultContext
        let service: ECSService
        let database: String
        let log: ContainerLog
        let order: RunTaskOrder
        let stop: StopTasks

        private var ecs: ECS { context.platform.ecs }

        var targets: [String] { ["database \(database), as a task of \(service.name)"] }
        var guarded: [GuardedTarget] { [GuardedTarget(id: service.arn, tags: service.tags)] }
        func strikes() async throws(FaultProblem) -> [Strike] { [] }
        var calls: [String] {
            [
                "ecs RunTask \(order.taskDefinition) (startedBy \(order.startedBy)): holds every connection for "
                    + "\(order.command[1]) s"
            ]
        }
        var undo: Undo { .stopTasks(stop) }

        func inject(
            tagged _: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            let task = try await asking { () async throws(AWSError) in try await ecs.runTask(order) }
            let applied = ["task": task.arn]
            do { try made(applied) } catch {
                throw .changed("task \(task.id) was run, but could not be journaled: \(error)")
            }
            return applied
        }

        /// The database has refused one more connection: by what the task itself writes. Where it writes nowhere,
        /// clients must notice.
        func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem) -> Observation {
            let arn = applied["task"] ?? ""
            guard let task = try await look(arn) else { return .notYet("task \(arn) is not there") }
            guard task.isRunning else {
                let ending = task.containerReason ?? task.stoppedReason
                return .notYet("task \(task.id) is \(task.lastStatus)" + (ending.map { ": \($0)" } ?? ""))
            }
            guard let group = log.group, let stream = log.stream(of: task.id) else {
                return harm.map { .proved("task \(task.id) runs; \($0)") }
                    ?? .notYet("task \(task.id) writes no log, and no client has noticed")
            }
            let lines = try await asking { () async throws(AWSError) in
                try await context.platform.logs.lines(group: group, stream: stream)
            }
            guard let line = lines.last(where: { $0.contains(", refused: ") }) else {
                return .notYet(lines.last ?? "task \(task.id) has written nothing yet")
            }
            return .proved("task \(task.id) \(line)" + (harm.map { "; \($0)" } ?? ""))
        }

        func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            if let task = try await look(applied["task"] ?? ""), task.lastStatus != "STOPPED" {
                return .notYet("task \(task.id) is \(task.lastStatus)")
            }
            return try await ServiceHealth.look(context, service: service.name)
        }

        private func look(_ arn: String) async throws(FaultProblem) -> ECSTask? {
            guard !arn.isEmpty else { return nil }
            return try await asking { () async throws(AWSError) in
                try await ecs.describeTasks(cluster: order.cluster, [arn]).first
            }
        }
    }
}

extension ExhaustConnections {
    static let about = FaultDescription(
        syntax: "at TIME  exhaust connections of database as SERVICE for DURATION",
        what:
            "Runs a task of the service's revision that takes every connection the database gives, and holds them.",
        calls: ["ecs RunTask (startedBy loadchaos/RUN/FAULT)"],
        effect: "The task's log says that the database has refused it one more connection.",
        undo: """
            ecs StopTask of every task with our startedBy; it also ends by itself, \(FaultContext.graceSeconds) s \
            after its time.
            """,
        healed: "The task is STOPPED, and the service is as for kill.",
        limits: """
            Connections that stand are left alone: a pool that is full goes on. The image needs python3 with \
            psycopg or psycopg2, and DATABASE_URL or libpq's variables. On AWS a task takes about a minute to start.
            """,
        permissions: FaultDescription.reads + [
            "ecs:RunTask", "ecs:StopTask", "iam:PassRole", "logs:GetLogEvents",
        ])
}
