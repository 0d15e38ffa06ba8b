import Foundation
import Spawn
import TestKit

/// The built executable, run as a user runs it, in a folder of its own.
struct Command {
    struct Ending {
        var status: Int
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
        let status = try start(Program(program, arguments), environment: environment).wait()
        return Ending(
            status: status, output: try String(contentsOf: output, encoding: .utf8),
            errors: try errorsSoFar())
    }

    /// One at a time: its output goes to this folder.
    func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Child {
        try start(Program(Self.executable, arguments), environment: environment)
    }

    static var executable: String { Program.built("loadchaos", []).path }

    private func start(_ program: Program, environment: [String: String]) throws -> Child {
        var program = program
        program.environment = Program.ownEnvironment.merging(environment) { $1 }
        program.directory = folder.path
        for file in [output, errors] { try Data().write(to: file) }
        let (output, errors) = (
            try FileHandle(forWritingTo: output), try FileHandle(forWritingTo: errors)
        )
        (program.output, program.errors) = (output.fileDescriptor, errors.fileDescriptor)
        return try withExtendedLifetime((output, errors)) { try Child(unheard: program) }
    }

    func errorsSoFar() throws -> String { try String(contentsOf: errors, encoding: .utf8) }

    private var output: URL { folder.appending(path: ".output") }
    private var errors: URL { folder.appending(path: ".errors") }
}
