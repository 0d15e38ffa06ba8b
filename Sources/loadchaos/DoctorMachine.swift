import Foundation
import Glibc
import Lab

/// What this machine has for the lab and for the load.
enum DoctorMachine {
    static func lab() async -> [DoctorFinding] {
        let findings = Parts.survey().map { part in
            switch part.place {
            case .success(let place): DoctorFinding.ok(part.name, place)
            case .failure(let error): DoctorFinding.missing(part.name, "\(error)")
            }
        }
        return findings + [isolation(by: await LabHost.modes())]
    }

    /// The mode that a lab takes, why it takes none that is more real, and what this one loses.
    private static func isolation(by modes: [(mode: LabMode, obstacle: String?)]) -> DoctorFinding {
        let best = modes.first { $0.obstacle == nil }?.mode ?? .loopback
        let obstacles = modes.prefix { $0.obstacle != nil }.map {
            "\($0.mode.rawValue) is not: \($0.obstacle ?? "")"
        }
        let lines = ["mode \(best.rawValue) is possible here"] + obstacles + best.limits
        return .ok("isolation", lines.joined(separator: "\n"))
    }

    /// What bounds the load, whatever it goes to.
    static func generator() -> [DoctorFinding] {
        var files = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        let most = files.rlim_max
        var findings = [
            DoctorFinding.ok("processors", "\(Machine.processors), kernel \(Machine.kernel)"),
            most < 4096
                ? .missing("open files", "\(most) at most: each connection is one; raise `ulimit -Hn`")
                : .ok("open files", "\(most) at most, each connection is one"),
        ]
        do {
            let range = try String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
            let ends = range.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
            if ends.count == 2 {
                findings.append(
                    .ok(
                        "local ports",
                        "\(ends[1] - ends[0] + 1), connections at once to one address of the target"))
            }
        } catch {
            findings.append(.unknown("local ports", "\(error.localizedDescription)"))
        }
        return findings
    }
}
