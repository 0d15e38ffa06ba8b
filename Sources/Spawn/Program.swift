import CLab
import Glibc

/// A program to start, and the surroundings it gets: a session of its own, so that Ctrl-C at the terminal does not
/// reach it, no signal blocked or ignored, and none of our files but the ones named here.
///
/// Foundation's `Process` reads past the end of its buffer when we have some 1,350 files open, as under a load, and may
/// end us by that (swift-corelibs-foundation 5472, in Swift 6.3.1).
package struct Program: Sendable {
    /// Absolute.
    package var path: String
    package var arguments: [String]
    /// All of it: nothing of ours comes on top.
    package var environment: [String: String]
    /// nil is ours.
    package var directory: String?
    /// Become stdin, stdout and stderr; nil is /dev/null, of `errors` where `output` goes.
    package var input: Int32?
    package var output: Int32?
    package var errors: Int32?
    /// Kept open in the child under the same numbers.
    package var inherited: [Int32] = []
    /// The network namespace to run in; nil is ours.
    package var network: Int32?
    /// `cgroup.procs` files to enter.
    package var cgroups: [String] = []
    /// SIGKILL with the spawning thread: only where no PID namespace does it.
    package var diesWithParent = false
    /// The user to become; nil stays.
    package var user: (id: UInt32, group: UInt32)?

    package init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }

    /// `sh -c`, with these variables in the place of our own of the same name, in `directory` (nil: ours).
    package static func shell(
        _ command: String, _ variables: [String: String] = [:], in directory: String? = nil
    ) -> Program {
        var shell = Program(
            "/bin/sh", ["-c", command], environment: ownEnvironment.merging(variables) { $1 })
        shell.directory = directory
        return shell
    }

    package static var ownEnvironment: [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let line = next.pointee {
            let parts = String(cString: line).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            next += 1
        }
        return variables
    }

    /// Starts it now, on the calling thread. The caller must see to it that the pid, which it gets, is waited for.
    package func spawn() throws(NoStart) -> Int32 {
        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var failedStep: UnsafePointer<CChar>?
        let pid = withCStrings([path] + arguments) { arguments in
            withCStrings(variables) { variables in
                withCStrings(cgroups) { cgroups in
                    withCStrings([path, directory ?? "."]) { paths in
                        (inherited + [-1]).withUnsafeBufferPointer { inherited in
                            var program = clab_program()
                            program.path = UnsafePointer(paths[0])
                            program.arguments = UnsafePointer(arguments)
                            program.environment = UnsafePointer(variables)
                            program.directory = UnsafePointer(paths[1])
                            program.input = input ?? -1
                            program.output = output ?? -1
                            program.errors = errors ?? output ?? -1
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
            throw NoStart(of: path, step: failedStep.map { String(cString: $0) } ?? "start", code: -pid)
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
