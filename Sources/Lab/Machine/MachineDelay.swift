import Spawn

/// What makes a task's packets late.
extension Machine {
    /// By netem, or by a queue of ours where the kernel has none.
    func delay(_ id: TaskID, _ namespace: Int32, _ impairments: Set<TaskImpairment>) async throws {
        let wanted = Impairments.delay(impairments)
        guard wanted != tasks[id]?.delay else { return }
        switch (wanted, tasks[id]?.packetDelay) {
        case (let wanted?, let held?): held.change(to: wanted)
        case (let wanted?, nil):
            // netem, if this kernel has it.
            if try await netem(wanted, namespace).status != .exited(0) {
                tasks[id]?.packetDelay = try await holdPackets(wanted, namespace)
            }
        case (nil, let held?):
            try await sendToQueue(false, namespace)
            held.stop()
            tasks[id]?.packetDelay = nil
        case (nil, nil):
            let ending = try await netem(nil, namespace)
            guard ending.status == .exited(0) else { throw impossible("tc does not end the delay", ending) }
        }
        tasks[id]?.delay = wanted
    }

    /// The rule comes last: nothing is to wait for a queue that could not be had.
    private func holdPackets(_ amount: PacketDelay.Amount, _ namespace: Int32) async throws -> PacketDelay {
        let held = try PacketDelay(amount, network: namespace)
        do { try await sendToQueue(true, namespace) } catch {
            held.stop()
            throw error
        }
        return held
    }

    private func netem(_ amount: PacketDelay.Amount?, _ namespace: Int32) async throws -> CommandResult {
        let words = amount.map {
            ["qdisc", "replace", "dev", "eth0", "root", "netem"] + $0.netem
        }
        var tc = Program("tc", words ?? ["qdisc", "del", "dev", "eth0", "root"])
        tc.network = namespace
        return try await processes.run(tc)
    }

    private func sendToQueue(_ isOn: Bool, _ namespace: Int32) async throws {
        var tables = Program("iptables-restore", [])
        tables.network = namespace
        let ending = try await processes.run(tables, input: PacketQueue.rules(isOn))
        guard ending.status == .exited(0) else {
            throw impossible("the kernel has no netem, and iptables cannot queue packets", ending)
        }
    }

    private func impossible(_ what: String, _ ending: CommandResult) -> LabError {
        .impairmentImpossible("\(what): \(LogTail.last(of: ending.output, lines: 1))")
    }
}
