import Foundation

/// The built executable, run as a user runs it, in a folder of its own.
struct Command {
    struct Ending {
        var status: Int32
        var output: String
        var errors: String
    }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "loadchaos-command-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() throws { try FileManager.default.removeItem(at: folder) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    func run(_ arguments: String...) throws -> Ending { try run(arguments) }

    /// `environment` comes on top of ours.
    func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Ending {
        try run(program: Self.executable, arguments, environment: environment)
    }

    /// Another program, by its path.
    func run(program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Ending {
        let process = try start(program: program, arguments, environment: environment)
        process.waitUntilExit()
        return Ending(
            status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
            errors: try errorsSoFar())
    }

    /// One at a time: its output goes to this folder.
    ///
    /// A child of a test's thread inherits that it has all signals blocked; a command must be reached by them.
    func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Process {
        try start(program: Self.executable, arguments, environment: environment)
    }

    /// The tests' bundle and the executable are built into the same folder.
    static var executable: String {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "loadchaos").path
    }

    private func start(
        program: String, _ arguments: [String], environment: [String: String]
    ) throws -> Process {
        let process = Process()
        let unblock =
            "import os, signal, sys; signal.pthread_sigmask(signal.SIG_UNBLOCK, signal.valid_signals()); "
            + "os.execv(sys.argv[1], sys.argv[1:])"
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-c", unblock, program] + arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        for file in [output, errors] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    func errorsSoFar() throws -> String { try String(contentsOf: errors, encoding: .utf8) }

    private var output: URL { folder.appending(path: ".output") }
    private var errors: URL { folder.appending(path: ".errors") }
}
