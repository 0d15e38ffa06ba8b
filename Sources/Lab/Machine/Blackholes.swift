import Glibc

/// Ports of a task that swallow what is sent to them.
extension Machine {
    package func blackhole(_ ports: Set<BlackholePort>, of id: TaskID) async throws {
        guard let task = tasks[id], !task.isStopping else {
            if ports.isEmpty { return }
            throw LabError.bootFailed(step: "task \(id) does not run", log: "")
        }
        guard let namespace = task.network else {
            // No packet filter of its own on loopback: the service is stopped instead, and its container health check
            // fails with it.
            for pid in ProcessTree.descendants(of: [task.main]) {
                kill(pid, ports.isEmpty ? SIGCONT : SIGSTOP)
            }
            return
        }
        var nft = Program("nft", ["-f", "-"])
        nft.network = namespace
        try await processes.must(nft, input: Blackholes.rules(ports), step: "blackhole a port of \(id)")
    }
}

enum Blackholes {
    /// One transaction. It comes before anything that follows connections, so open ones are cut off too.
    static func rules(_ ports: Set<BlackholePort>) -> String {
        let clear = "table inet blackhole {}\ndelete table inet blackhole\n"
        guard !ports.isEmpty else { return clear }
        let lines = ports.map { hole in
            let side = hole.direction == .ingress ? "iifname" : "oifname"
            return "\(side) != \"lo\" \(hole.transport.rawValue) dport \(hole.port) counter drop"
        }
        func chain(_ hook: String, _ lines: [String]) -> String {
            "    chain \(hook) {\n        type filter hook \(hook) priority -200; policy accept;\n"
                + lines.sorted().map { "        \($0)\n" }.joined() + "    }\n"
        }
        return clear + "table inet blackhole {\n" + chain("input", lines.filter { $0.hasPrefix("i") })
            + chain("output", lines.filter { $0.hasPrefix("o") }) + "}\n"
    }
}
