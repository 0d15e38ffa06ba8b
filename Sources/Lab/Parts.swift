import Foundation
import Glibc

/// Where the programs and files the lab is made of lie.
package struct Parts: Sendable {
    /// The folder `stack/` of the project.
    package var stack: String
    /// A Python environment with `stack/flask-app/requirements.txt` installed.
    package var venv: String
    /// PostgreSQL's own programs: Debian keeps them out of PATH.
    package var postgres: String

    /// Debian's places, also where a user's PATH leaves out sbin.
    static let searchPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]

    /// The absolute path of a program.
    static func program(_ name: String) throws(LabError) -> String {
        if name.hasPrefix("/") {
            guard access(name, X_OK) == 0 else { throw .missingPart(name, lookedIn: [name]) }
            return name
        }
        for directory in searchPath where access("\(directory)/\(name)", X_OK) == 0 {
            return "\(directory)/\(name)"
        }
        throw .missingPart(name, lookedIn: searchPath)
    }

    /// Finds everything, or says what is missing: from `LOADCHAOS_HOME` if set, else upwards from the
    /// executable, else
    /// upwards from the current directory. `LOADCHAOS_VENV` names the Python environment if it lies
    /// elsewhere.
    package static func find(environment: [String: String] = ProcessInfo.processInfo.environment)
        throws(LabError) -> Parts
    {
        let home = try home(environment: environment)
        let venv = venv(in: home, environment)
        for (_, place) in sought(in: venv) { _ = try place.get() }
        return Parts(stack: "\(home)/stack", venv: venv, postgres: try postgresPrograms())
    }

    /// Each part with its place, or what is said when it is missing.
    package static func survey(environment: [String: String] = ProcessInfo.processInfo.environment) -> [Found]
    {
        let home: String
        do { home = try self.home(environment: environment) } catch {
            return [("the project's stack", .failure(error))]
        }
        return [("the project's stack", .success("\(home)/stack"))] + sought(in: venv(in: home, environment))
    }

    package typealias Found = (name: String, place: Result<String, LabError>)

    private static func sought(in venv: String) -> [Found] {
        func found(_ name: String, _ place: () throws(LabError) -> String) -> Found {
            do { return (name, .success(try place())) } catch { return (name, .failure(error)) }
        }
        return ["gunicorn", "python3"].map { file in
            found(file) { () throws(LabError) in
                let place = "\(venv)/bin/\(file)"
                guard access(place, X_OK) == 0 else {
                    throw .missingPart("\(file) in a Python environment", lookedIn: ["\(venv)/bin"])
                }
                return place
            }
        }
            + ["haproxy", "nginx", "redis-server", "openssl"].map { name in
                found(name) { () throws(LabError) in try program(name) }
            } + [found("PostgreSQL", postgresPrograms)]
    }

    private static func venv(in home: String, _ environment: [String: String]) -> String {
        environment["LOADCHAOS_VENV"] ?? "\(home)/.venv"
    }

    private static func home(environment: [String: String]) throws(LabError) -> String {
        func holdsStack(_ directory: String) -> Bool {
            access("\(directory)/stack/flask-app/app.py", R_OK) == 0
        }
        if let home = environment["LOADCHAOS_HOME"] {
            guard holdsStack(home) else { throw .missingPart("stack/flask-app/app.py", lookedIn: [home]) }
            return home
        }
        let executable = URL(filePath: executablePath()).deletingLastPathComponent().path
        let current = FileManager.default.currentDirectoryPath
        for start in [executable, current] {
            var directory = start
            while true {
                if holdsStack(directory) { return directory }
                let parent = URL(filePath: directory).deletingLastPathComponent().path
                if parent == directory || directory == "/" { break }
                directory = parent
            }
        }
        throw .missingPart(
            "stack/flask-app/app.py", lookedIn: ["the folders above \(executable) and \(current)"])
    }

    /// The newest from 15 on: what is older lacks nothing the lab uses, but is not the document's.
    private static func postgresPrograms() throws(LabError) -> String {
        let root = "/usr/lib/postgresql"
        // None is told below
        let found = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [])
            .compactMap(Int.init).filter { access("\(root)/\($0)/bin/postgres", X_OK) == 0 }
        guard let version = found.contains(15) ? 15 : found.filter({ $0 >= 15 }).min() else {
            throw .missingPart("PostgreSQL 15", lookedIn: ["\(root)/15/bin"])
        }
        return "\(root)/\(version)/bin"
    }

    /// Our own executable, as the kernel knows it.
    package static func executablePath() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        return String(decoding: buffer[..<max(count, 0)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
