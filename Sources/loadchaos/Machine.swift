import Foundation
import Glibc

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

    /// CPUs this process may use: `taskset` and cgroups' cpusets count.
    static var processors: Int {
        var set = cpu_set_t()
        guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else {
            return ProcessInfo.processInfo.activeProcessorCount
        }
        return withUnsafeBytes(of: &set) { bytes in bytes.reduce(0) { $0 + $1.nonzeroBitCount } }
    }
}
