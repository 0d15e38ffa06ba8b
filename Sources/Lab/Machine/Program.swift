import CLab
import Glibc

/// A program to start, and the surroundings it gets.
struct Program: Sendable {
    /// Absolute, or a name looked up in the system's directories.
    var path: String
    var arguments: [String]
    var environment: [String: String] = [:]
    var directory: String?
    /// Become stdin, and stdout with stderr; nil is /dev/null.
    var input: Int32?
    var output: Int32?
    /// Kept open in the child under the same numbers.
    var inherited: [Int32] = []
    /// The network namespace to run in; nil is ours.
    var network: Int32?
    /// `cgroup.procs` files to enter.
    var cgroups: [String] = []
    /// SIGKILL with the spawning thread: only where no PID namespace does it.
    var diesWithParent = false
    /// The user to become; nil stays.
    var user: (id: uid_t, group: gid_t)?

    init(_ path: String, _ arguments: [String]) {
        self.path = path
        self.arguments = arguments
    }

    /// Starts it now, on the calling thread. The caller must see to it that the pid is waited for.
    func spawn() throws(LabError) -> pid_t {
        let file = try Parts.program(path)
        var surroundings = ["PATH": Parts.searchPath.joined(separator: ":"), "LANG": "C.UTF-8", "HOME": "/"]
        surroundings.merge(environment) { $1 }
        let variables = surroundings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var failedStep: UnsafePointer<CChar>?
        let pid = withCStrings([file] + arguments) { arguments in
            withCStrings(variables) { variables in
                withCStrings(cgroups) { cgroups in
                    withCStrings([file, directory ?? "/"]) { paths in
                        (inherited + [-1]).withUnsafeBufferPointer { inherited in
                            var program = clab_program()
                            program.path = UnsafePointer(paths[0])
                            program.arguments = UnsafePointer(arguments)
                            program.environment = UnsafePointer(variables)
                            program.directory = UnsafePointer(paths[1])
                            program.input = input ?? -1
                            program.output = output ?? -1
                            program.inherited = inherited.baseAddress
                            program.network = network ?? -1
                            program.dies_with_parent = diesWithParent ? 1 : 0
                            program.user = user?.id ?? 0
                            program.group = user?.group ?? 0
                            return cgroups.withMemoryRebound(to: UnsafePointer<CChar>?.self, capacity: 1) {
                                program.cgroups = UnsafePointer($0)
                                return clab_spawn(&program, &failedStep)
                            }
                        }
                    }
                }
            }
        }
        guard pid > 0 else {
            let step = failedStep.map { String(cString: $0) } ?? "start"
            throw .file(operation: "start (\(step))", path: file, error: -pid)
        }
        return pid
    }
}

/// A NULL-terminated array of C strings, alive during `body`.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    copies.append(nil)
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
}
