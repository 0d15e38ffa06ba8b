import Foundation
import Glibc

/// All processes at one moment with their parents and CPU times: one walk through /proc.
struct ProcessScan: Sendable {
    private struct Entry {
        var parent: pid_t
        /// CPU seconds of its own, and of children it has waited for.
        var own: Double
        var reaped: Double
    }

    private var entries: [pid_t: Entry] = [:]
    private var children: [pid_t: [pid_t]] = [:]

    static func now() -> ProcessScan {
        var scan = ProcessScan()
        // Without /proc there is nothing to count: every figure is 0 then.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for pid in names.compactMap({ pid_t($0) }) {
            guard let stat = text("/proc/\(pid)/stat") else { continue }  // it ended while we looked
            scan.add(pid, stat: stat)
        }
        return scan
    }

    /// One process, by its `/proc/PID/stat`: fields 14 to 17 are the CPU times, in clock ticks.
    mutating func add(_ pid: pid_t, stat: String) {
        guard let end = stat.lastIndex(of: ")") else { return }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 14, let parent = pid_t(fields[1]) else { return }
        let ticks = fields[11...14].map { (Double($0) ?? 0) / Double(sysconf(Int32(_SC_CLK_TCK))) }
        entries[pid] = Entry(parent: parent, own: ticks[0] + ticks[1], reaped: ticks[2] + ticks[3])
        children[parent, default: []].append(pid)
    }

    /// These processes and all below them.
    func tree(of roots: [pid_t]) -> [pid_t] {
        var found = roots.filter { entries[$0] != nil }
        var next = 0
        while next < found.count {
            found += children[found[next]] ?? []
            next += 1
        }
        return found
    }

    /// CPU seconds of these trees, with what ended children had used.
    func cpu(of roots: [pid_t]) -> Double {
        tree(of: roots).reduce(0) { sum, pid in sum + (entries[pid].map { $0.own + $0.reaped } ?? 0) }
    }

    /// Resident bytes of these trees.
    func memory(of roots: [pid_t]) -> Int {
        tree(of: roots).reduce(0) { sum, pid in
            let fields = Self.text("/proc/\(pid)/statm")?.split(separator: " ") ?? []
            return sum + (fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0)
        }
    }

    /// What a process calls itself; empty when it is gone.
    static func title(of pid: pid_t) -> String { text("/proc/\(pid)/cmdline") ?? "" }

    private static func text(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return contents(of: file)
    }
}
