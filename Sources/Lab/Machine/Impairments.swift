import Glibc
import Spawn

/// What SSM's documents do to a task.
extension Machine {
    package func impair(_ impairments: Set<TaskImpairment>, of id: TaskID) async throws {
        guard let task = tasks[id], !task.isStopping else {
            if impairments.isEmpty { return }
            throw LabError.bootFailed(step: "task \(id) does not run", log: "")
        }
        try await stress(task, impairments)
        guard let namespace = task.network else { return try freeze(task, impairments) }
        var nft = Program("nft", ["-f", "-"])
        nft.network = namespace
        try await processes.must(
            nft, input: Impairments.rules(impairments), step: "impair the network of \(id)")
        try await delay(id, namespace, impairments)
    }

    /// No packet filter of its own on loopback: the service is stopped instead, and its container health check fails
    /// with it. More than that cannot be done to it.
    private func freeze(_ task: RunningTask, _ impairments: Set<TaskImpairment>) throws(LabError) {
        let isHung = impairments.contains { $0.isHole(.ingress) }
        for pid in ProcessTree.descendants(of: [task.main]) { kill(pid, isHung ? SIGSTOP : SIGCONT) }
        guard impairments.allSatisfy({ $0.isHole(.ingress) }) else {
            throw .impairmentImpossible("tasks have no network of their own in mode loopback")
        }
    }

    /// Busy processes inside of the task's CPU quota.
    private func stress(_ task: RunningTask, _ impairments: Set<TaskImpairment>) async throws {
        let id = task.launch.id
        let wanted = impairments.compactMap { impairment -> (percent: Int, workers: Int)? in
            if case .cpu(let percent, let workers) = impairment { (percent, workers) } else { nil }
        }.max { $0.percent < $1.percent }
        guard wanted?.percent != task.stress else { return }
        for pid in task.stressors { processes.signalGroup(pid, SIGKILL) }
        for pid in task.stressors { _ = await processes.exit(of: pid) }
        tasks[id]?.stressors = []
        tasks[id]?.stress = nil
        guard let wanted else { return }
        guard quotas != nil else {
            throw LabError.impairmentImpossible("without CPU quotas it would take this machine's own CPU")
        }
        var busy = Program(
            "\(parts.venv)/bin/python3", ["-c", Impairments.busy, "\(wanted.percent)"])
        busy.network = task.network
        busy.cgroups = task.program.cgroups
        busy.diesWithParent = !mode.hasNamespaces
        // As many as the task has vCPUs, unless it is said.
        let workers = wanted.workers > 0 ? wanted.workers : max(1, task.launch.cpu / 1024)
        for _ in 0..<workers {
            tasks[id]?.stressors.append(try spawn(busy, log: "stress-\(id.description.prefix(8))"))
        }
        tasks[id]?.stress = wanted.percent
    }
}

extension TaskImpairment {
    fileprivate func isHole(_ direction: BlackholePort.Direction) -> Bool {
        if case .blackhole(let hole) = self { hole.direction == direction } else { false }
    }
}

enum Impairments {
    /// One transaction. It comes before anything that follows connections, so open ones are cut off too.
    static func rules(_ impairments: Set<TaskImpairment>) -> String {
        let clear = "table inet impairments {}\ndelete table inet impairments\n"
        let lines = impairments.compactMap { impairment -> String? in
            switch impairment {
            case .blackhole(let hole):
                let side = hole.direction == .ingress ? "iifname" : "oifname"
                return "\(side) != \"lo\" \(hole.transport.rawValue) dport \(hole.port) counter drop"
            case .loss(let percent):
                return "oifname != \"lo\" numgen random mod 100 < \(percent) counter drop"
            case .delay, .cpu: return nil
            }
        }
        guard !lines.isEmpty else { return clear }
        func chain(_ hook: String, _ lines: [String]) -> String {
            "    chain \(hook) {\n        type filter hook \(hook) priority -200; policy accept;\n"
                + lines.sorted().map { "        \($0)\n" }.joined() + "    }\n"
        }
        return clear + "table inet impairments {\n" + chain("input", lines.filter { $0.hasPrefix("i") })
            + chain("output", lines.filter { $0.hasPrefix("o") }) + "}\n"
    }

    /// The longest of them; nil: nothing is late.
    static func delay(_ impairments: Set<TaskImpairment>) -> PacketDelay.Amount? {
        impairments.compactMap { impairment -> PacketDelay.Amount? in
            guard case .delay(let milliseconds, let jitter) = impairment else { return nil }
            return PacketDelay.Amount(milliseconds: milliseconds, jitter: jitter)
        }
        .max { $0.milliseconds < $1.milliseconds }
    }

    /// Works so many of a hundred hundredths of a second.
    static let busy = [
        "import sys, time",
        "part = int(sys.argv[1]) / 10_000",
        "while True:",
        "    end = time.perf_counter() + part",
        "    while time.perf_counter() < end: pass",
        "    if part < 0.01: time.sleep(0.01 - part)",
    ].joined(separator: "\n")
}
