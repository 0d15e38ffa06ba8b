import Foundation
import Glibc

/// CPU limits through cgroups, version 1 or 2: whichever this machine lets us write.
///
/// A vCPU of the lab is an amount of work, and so more of a slower core: `CoreSpeed`. The period is Fargate's, 100 ms;
/// a burst of one quota banks what a task did not use.
struct CPUQuotas: Sendable {
    static let periodMicroseconds = 100_000
    /// All tasks together are one among the machine's processes to the scheduler; twenty times a process's weight lets
    /// them have what their quotas say on a busy machine too. Without it they have less, and that is all.
    static let weight = (v1: 20_480, v2: 2_000)

    /// The lab's own directories, one per hierarchy; tasks get subdirectories.
    let roots: [String]
    private let version: Int

    /// CPU time per period for a task of `cpu` CPU units, 1,024 to the vCPU.
    static func quotaMicroseconds(cpu: Int, coresPerVCPU: Double) -> Int {
        max(1_000, Int(Double(cpu) / 1024 * coresPerVCPU * Double(periodMicroseconds)))
    }

    /// Tries to make the lab's directories; nil if cgroups cannot be used here.
    static func make(named name: String) -> CPUQuotas? {
        if let controllers = read("/sys/fs/cgroup/cgroup.controllers") {
            guard controllers.split(whereSeparator: \.isWhitespace).contains("cpu") else { return nil }
            // Already on wherever a service manager runs; refused where the top holds processes itself.
            _ = write("+cpu", to: "/sys/fs/cgroup/cgroup.subtree_control")
            let root = "/sys/fs/cgroup/\(name)"
            guard mkdir(root, 0o755) == 0, write("+cpu", to: "\(root)/cgroup.subtree_control") else {
                rmdir(root)
                return nil
            }
            _ = write("\(Self.weight.v2)", to: "\(root)/cpu.weight")
            return CPUQuotas(roots: [root], version: 2)
        }
        let own = (read("/proc/self/cgroup") ?? "").split(separator: "\n").map { $0.split(separator: ":") }
        func path(of controller: String) -> String? {
            let line = own.first {
                $0.count >= 2 && $0[1].split(separator: ",").contains(Substring(controller))
            }
            guard let line else { return nil }
            let inside = line.count > 2 && line[2] != "/" ? String(line[2]) : ""
            return "/sys/fs/cgroup/\(line[1])\(inside)/\(name)"
        }
        guard let cpu = path(of: "cpu") else { return nil }
        var roots: [String] = []
        for root in [cpu] + [path(of: "cpuacct")].compactMap({ $0 }) where !roots.contains(root) {
            guard mkdir(root, 0o755) == 0 else {
                for made in roots { rmdir(made) }
                return nil
            }
            roots.append(root)
        }
        _ = write("\(Self.weight.v1)", to: "\(roots[0])/cpu.shares")
        return CPUQuotas(roots: roots, version: 1)
    }

    /// Makes the task's group, without a limit yet, and returns the files its processes enter by.
    func add(_ task: String) throws(LabError) -> [String] {
        for root in roots where mkdir("\(root)/\(task)", 0o755) != 0 && errno != EEXIST {
            throw .file(operation: "make", path: "\(root)/\(task)", error: errno)
        }
        return roots.map { "\($0)/\(task)/cgroup.procs" }
    }

    /// Sets the limit, or changes it. Given once the task is healthy: a start under it would take three seconds longer.
    func limit(_ task: String, quota: Int) -> Bool {
        let group = "\(roots[0])/\(task)"
        let (burst, written) =
            version == 2
            ? ("cpu.max.burst", ("cpu.max", "\(quota) \(Self.periodMicroseconds)"))
            : ("cpu.cfs_burst_us", ("cpu.cfs_quota_us", "\(quota)"))
        // The burst must never exceed the quota, so it goes first and comes back last. It is Linux 5.14's; a limit
        // without it is one too.
        _ = Self.write("0", to: "\(group)/\(burst)")
        guard Self.write(written.1, to: "\(group)/\(written.0)") else { return false }
        _ = Self.write("\(quota)", to: "\(group)/\(burst)")
        return true
    }

    /// CPU seconds the task's processes have used, ended ones included; nil when its group is gone.
    func usage(of task: String) -> Double? {
        if version == 2 {
            let line = Self.read("\(roots[0])/\(task)/cpu.stat")?.split(separator: "\n")
                .first { $0.hasPrefix("usage_usec ") }
            return line.flatMap { Double($0.dropFirst("usage_usec ".count)) }.map { $0 / 1e6 }
        }
        let text = Self.read("\(roots[roots.count - 1])/\(task)/cpuacct.usage")
        return text.flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }.map { $0 / 1e9 }
    }

    /// Removes the task's group; false while processes are in it.
    @discardableResult
    func remove(_ task: String) -> Bool {
        roots.map { rmdir("\($0)/\(task)") == 0 || errno == ENOENT }.allSatisfy { $0 }
    }

    /// Removes the lab's directories with all that is in them.
    func removeAll() { for root in roots { Self.sweep(root) } }

    /// Removes what labs of this name left behind; `prefix` is the start of the directories' names. Returns the
    /// directories that could not be removed.
    ///
    /// The kernel may take a process that has ended out of its group only after its parent has been told, so "busy"
    /// is asked again for `patience`.
    static func sweep(prefix: String, patience: Duration = .seconds(2)) async -> [String] {
        let end = ContinuousClock.now + patience
        while true {
            let left = hierarchies.flatMap { hierarchy in
                // No such hierarchy here: nothing can be left in it.
                let names = (try? FileManager.default.contentsOfDirectory(atPath: hierarchy)) ?? []
                return names.filter { $0.hasPrefix(prefix) }.map { "\(hierarchy)/\($0)" }
            }
            for root in left { sweep(root) }
            let busy = left.filter { access($0, F_OK) == 0 }
            if busy.isEmpty || ContinuousClock.now >= end { return busy }
            // Not a Task's sleep: a cancelled take-down must wait as well.
            await aside { _ = usleep(10_000) }
        }
    }

    private static let hierarchies = [
        "/sys/fs/cgroup", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpuacct", "/sys/fs/cgroup/cpu,cpuacct",
    ]

    private static func sweep(_ root: String) {
        // Gone already, or not ours to read: then rmdir below fails as well, and the next sweep tries again.
        let inside = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        for name in inside { rmdir("\(root)/\(name)") }  // its files are the kernel's: only directories go
        rmdir(root)
    }

    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return contents(of: file)
    }

    private static func write(_ value: String, to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return Glibc.write(file, value, value.utf8.count) == value.utf8.count
    }
}
