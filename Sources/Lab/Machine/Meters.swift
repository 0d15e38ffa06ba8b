import Foundation
import Glibc

/// The CPU time of one task against what its quota allowed, both added up since the meter was started.
///
/// The quota follows the speed of the core (`CoreSpeed`), so it is integrated: what was allowed is not quota × time.
struct CPUMeter: Hashable, Sendable {
    private(set) var used = 0.0
    private(set) var allowed = 0.0
    private var usage: Double
    private var time: ContinuousClock.Instant

    init(usage: Double, at time: ContinuousClock.Instant) {
        self.usage = usage
        self.time = time
    }

    /// `usage` is what the processes have used since they began, in seconds; `share` the cores allowed since last time.
    mutating func advance(to usage: Double, at time: ContinuousClock.Instant, share: Double) {
        // Without cgroups a child that ends unseen takes its time along: then usage goes back.
        used += max(0, usage - self.usage)
        allowed += self.time.duration(to: time).inSeconds * share
        self.usage = usage
        self.time = time
    }
}

/// Reads the counters: once in a metric's period, and a task's CPU also whenever its quota changes.
extension Machine {
    package func usage() async -> MachineReading {
        let nodes = await balancer.statistics().map { Self.reading($0.zone, $0.statistics) }
        let scan = ProcessScan.now()
        var reading = MachineReading()
        reading.nodes = nodes
        for id in tasks.keys.sorted(by: { $0.description < $1.description }) {
            readMeter(of: id, scan)
            guard let task = tasks[id], let meter = task.meter else { continue }
            reading.tasks.append(
                MachineReading.Task(
                    id: id, used: meter.used, allowed: meter.allowed, memory: scan.memory(of: task.processes))
            )
        }
        if let pid = instances[databaseZone]?.pid {
            reading.database = databaseReading(pid, databaseZone, scan)
        }
        return reading
    }

    /// Begins to count the task's CPU: from its health on, since what comes before runs without a quota.
    func startMeter(of id: TaskID) {
        guard let task = tasks[id], task.meter == nil, let usage = cpuSeconds(of: task, nil) else { return }
        tasks[id]?.meter = CPUMeter(usage: usage, at: .now)
    }

    /// Brings the task's meter up to date. Before its quota changes, too: what was allowed so far is the old one's.
    func readMeter(of id: TaskID, _ scan: ProcessScan? = nil) {
        guard let task = tasks[id], task.meter != nil, let usage = cpuSeconds(of: task, scan) else { return }
        let share = Double(task.quota ?? quota(of: task)) / Double(CPUQuotas.periodMicroseconds)
        tasks[id]?.meter?.advance(to: usage, at: .now, share: share)
    }

    private func cpuSeconds(of task: RunningTask, _ scan: ProcessScan?) -> Double? {
        if let quotas { return quotas.usage(of: task.launch.id.description) }
        return (scan ?? ProcessScan.now()).cpu(of: task.processes)
    }

    /// A client's backend says so in its title: `postgres: lab items 10.0.11.20(41322) idle`.
    private func databaseReading(_ pid: pid_t, _ zone: String, _ scan: ProcessScan) -> MachineReading.Database
    {
        let backends = scan.tree(of: [pid]).map(ProcessScan.title).filter {
            $0.hasPrefix("postgres: ") && $0.contains("(") && !$0.contains("walsender")
        }
        // The lab's has no quota: over 100 % it uses more than RDS would give it.
        return MachineReading.Database(
            zone: zone, used: scan.cpu(of: [pid]), cores: databaseCPUs * coreSpeed.coresPerVCPU,
            connections: backends.count)
    }

    static func reading(_ zone: String, _ statistics: HAProxyStatistics) -> MachineReading.Node {
        func count(_ column: String, _ proxy: String, _ server: String) -> Int {
            statistics.value(column, proxy: proxy, server: server).flatMap { Int($0) } ?? 0
        }
        var node = MachineReading.Node(zone: zone)
        for frontend in ["http", "https"] { node.requests += count("req_tot", frontend, "FRONTEND") }
        for digit in 2...5 {
            let column = "hrsp_\(digit)xx"
            node.targetAnswers[digit] = ["web", "open"].reduce(0) { sum, proxy in
                BalancerConfiguration.slots.reduce(sum) { $0 + count(column, proxy, $1) }
            }
        }
        let errors = ["http", "https"].reduce(0) { $0 + count("hrsp_5xx", $1, "FRONTEND") }
        node.ownErrors = max(0, errors - (node.targetAnswers[5] ?? 0))
        node.responseTime = Double(count("rtime", "web", "BACKEND")) / 1000
        return node
    }
}
