import Foundation
import Glibc
import History

/// What a recording says of the machine it was made on.
enum Machine {
    static var host: String { ProcessInfo.processInfo.hostName }

    static var kernel: String {
        var name = utsname()
        uname(&name)
        return withUnsafeBytes(of: &name.release) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// CPUs this process may use: on Linux Foundation asks for the affinity, so `taskset` counts.
    static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

    static func environment(
        platform: String, targets: [String], labMode: String? = nil, labLimits: [String] = []
    ) -> RunRecord.Environment {
        RunRecord.Environment(
            platform: platform, targets: targets, labMode: labMode, labLimits: labLimits, host: host,
            kernel: kernel,
            processors: processors)
    }
}
