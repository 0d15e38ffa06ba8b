import Foundation
package import Glibc

/// Which process that is: a pid alone is given to another one sooner or later.
package struct ProcessIdentity: Hashable, Codable, Sendable {
    package var id: pid_t
    /// When it started, in ticks since the machine did.
    package var started: UInt64
    /// Of the machine's life.
    package var boot: String

    /// Of a process that is there; nil: it is not.
    package init?(of id: pid_t) {
        guard let boot = Self.text("/proc/sys/kernel/random/boot_id"), let started = Self.start(of: id) else {
            return nil
        }
        (self.id, self.started, self.boot) = (
            id, started, boot.trimmingCharacters(in: .whitespacesAndNewlines)
        )
    }

    /// Whether something of the process group that it leads may still be there: a group keeps its number as long as
    /// anything is in it, also when its leader has gone.
    package var leadsGroup: Bool {
        guard kill(-id, 0) == 0 || errno == EPERM else { return false }
        guard let now = ProcessIdentity(of: id) else {
            return Self.text("/proc/sys/kernel/random/boot_id")?.hasPrefix(boot) == true
        }
        return now == self
    }

    /// SIGTERM to everything of the group, and SIGKILL to what is left of it a second later. Blocks as long.
    package func endGroup() {
        guard leadsGroup else { return }
        kill(-id, SIGTERM)
        for _ in 0..<50 where leadsGroup { usleep(20_000) }
        if leadsGroup { kill(-id, SIGKILL) }
    }

    /// The 22nd field, counted behind the program's name, which may have anything in it.
    private static func start(of id: pid_t) -> UInt64? {
        guard let line = text("/proc/\(id)/stat"), let name = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: name)...].split(separator: " ")
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }

    private static func text(_ path: String) -> String? {
        // A process that has gone has no file; and what is read is text.
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
