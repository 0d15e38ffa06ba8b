package import AWS
package import Plan

/// Finds and pays what runs have left behind where there is no journal: by what the platform's own resources say.
package enum TagRecovery {
    /// A debt that was found, and where.
    package struct Found: Sendable {
        package var debt: TaggedDebt
        var marks: [Mark]
        var keys: [String]
    }

    /// What stands on the platform. `unreadable`: resources whose tags say that something is owed, and not what.
    package struct Findings: Sendable {
        package var debts: [Found]
        package var unreadable: [String]
    }

    /// For a system's own account: refused in another than the guard's.
    package static func find(
        _ system: System, on platform: AWSPlatform
    ) async throws(FaultProblem) -> Findings {
        let account = try await asking { () async throws(AWSError) in
            try await platform.sts.getCallerIdentity().account
        }
        if case .enforced = GuardPolicy.standard(isLoopback: platform.isLoopback),
            let objection = system.guardrail.objection(toAccount: account)
        {
            throw .noTarget(objection)
        }
        return try await search(system, on: platform)
    }

    /// Reads the services, access control lists, route tables, task definitions and commands of a system. Whether a run
    /// is still alive cannot be told by its tags.
    static func search(_ system: System, on platform: AWSPlatform) async throws(FaultProblem) -> Findings {
        let context = FaultContext(
            platform: platform, system: system, run: "", seed: 0, index: 0, name: "recover")
        let services = try await asking { () async throws(AWSError) in
            try await Self.services(of: system, platform)
        }
        let vpc = try await Balancer.find(context).vpc
        let (lists, tables) = try await asking { () async throws(AWSError) in
            (
                try await platform.ec2.describeNetworkAcls(vpc: vpc),
                try await platform.ec2.describeRouteTables(vpc: vpc)
            )
        }
        var search = Search()
        for service in services { search.look(at: service.tags, .service(service.arn), service.name) }
        for table in tables { search.look(at: table.tags, .network(table.id), table.id) }
        // What goes with its debt needs no mark: it is deleted.
        for list in lists { search.look(at: list.tags, nil, list.id) }
        let families = Set(services.compactMap { Self.family($0.taskDefinition) })
        for family in families.sorted() {
            let revisions = try await asking { () async throws(AWSError) in
                var found: [ECSTaskDefinition] = []
                for arn in try await platform.ecs.newestTaskDefinitions(family: family) {
                    found.append(try await platform.ecs.describeTaskDefinition(arn))
                }
                return found
            }
            for revision in revisions { search.look(at: revision.tags, nil, revision.arn) }
        }
        search.debts += try await commands(platform)
        search.debts += try await tasks(in: system.cluster, platform)
        // The last first: a later fault may stand on an earlier one.
        search.debts.sort { ($0.debt.run, $0.debt.index) > ($1.debt.run, $1.debt.index) }
        return Findings(debts: search.debts, unreadable: search.unreadable)
    }

    package static func pay(_ found: Found, on platform: AWSPlatform) async -> Recovery.Outcome {
        let undo = Undo.marked(Marked(found.debt.undo, marks: found.marks, keys: found.keys))
        return await Recovery.revert(undo, on: platform)
    }

    private struct Search {
        var debts: [Found] = []
        var unreadable: [String] = []

        /// A fault that touches more than one resource has marked each.
        mutating func look(at tags: [String: String], _ mark: Mark?, _ name: String) {
            for (keys, debt) in TaggedDebt.all(in: tags) {
                guard let debt else {
                    unreadable.append(name)
                    continue
                }
                let marks = mark.map { [$0] } ?? []
                if let at = debts.firstIndex(where: { $0.debt == debt }) {
                    debts[at].marks += marks
                } else {
                    debts.append(Found(debt: debt, marks: marks, keys: keys))
                }
            }
        }
    }

    /// Those that are there: one that somebody has deleted owes nothing.
    private static func services(
        of system: System, _ platform: AWSPlatform
    ) async throws(AWSError) -> [ECSService] {
        var found: [ECSService] = []
        for name in system.services.map(\.name) {
            do {
                found += try await platform.ecs.describeServices(cluster: system.cluster, [name])
            } catch {
                guard error.code == "ServiceNotFoundException" else { throw error }
            }
        }
        return found
    }

    /// SSM's commands say by their comment whose they are.
    private static func commands(_ platform: AWSPlatform) async throws(FaultProblem) -> [Found] {
        var found: [Found] = []
        for document in TaskCommand.documents {
            let running = try await asking { () async throws(AWSError) in
                try await platform.ssm.listCommands(document: document)
            }.filter { !$0.isOver && $0.comment.hasPrefix("loadchaos ") }
            found += Set(running.map(\.comment)).sorted().map { comment in
                let words = comment.split(separator: " ", maxSplits: 2).map(String.init)
                let undo = Undo.cancelCommand(CancelCommand(document: document, comment: comment))
                return Found(
                    debt: TaggedDebt(
                        run: words.count > 1 ? words[1] : "", index: 0, fault: words.last ?? comment,
                        undo: undo),
                    marks: [], keys: [])
            }
        }
        return found
    }

    /// Tasks that a fault has run say by their `startedBy` whose they are; those of probes end by themselves.
    private static func tasks(
        in cluster: String, _ platform: AWSPlatform
    ) async throws(FaultProblem) -> [Found] {
        let running = try await asking { () async throws(AWSError) in
            try await StopTasks.running(cluster: cluster, on: platform)
        }
        return Set(running.compactMap(\.startedBy)).sorted().compactMap { starter in
            let words = starter.split(separator: "/").map(String.init)
            guard words.count == 3, words[0] == "loadchaos" else { return nil }
            let debt = TaggedDebt(
                run: words[1], index: Int(words[2]) ?? 0, fault: "tasks run by \(starter)",
                undo: .stopTasks(StopTasks(cluster: cluster, startedBy: starter)))
            return Found(debt: debt, marks: [], keys: [])
        }
    }

    /// Of a revision's ARN.
    private static func family(_ arn: String) -> String? {
        arn.split(separator: "/").last?.split(separator: ":").first.map(String.init)
    }
}
