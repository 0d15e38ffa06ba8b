import Foundation
import Glibc

/// All descendants of some processes, from /proc: PostgreSQL's backends have sessions of their own, so groups
/// miss them.
enum ProcessTree {
    static func descendants(of roots: Set<pid_t>) -> Set<pid_t> {
        var parents: [pid_t: pid_t] = [:]
        // Without /proc nobody has descendants that could be seen; who waits for them asks again.
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for pid in entries.compactMap({ pid_t($0) }) {
            let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { continue }  // it ended while we looked
            defer { close(file) }
            if let parent = parent(stat: contents(of: file)) { parents[pid] = parent }
        }
        var found = roots
        var grew = true
        while grew {
            let more = parents.filter { found.contains($0.value) && !found.contains($0.key) }.keys
            found.formUnion(more)
            grew = !more.isEmpty
        }
        return found
    }

    /// The fourth field of /proc/PID/stat; the second, the name, may hold spaces and parentheses.
    static func parent(stat: String) -> pid_t? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? pid_t(fields[1]) : nil
    }
}
