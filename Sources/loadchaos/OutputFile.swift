import Foundation

/// A file the user named: that it cannot be written is wrong usage.
enum OutputFile {
    /// In place, so that it may be a device: --markdown /dev/stdout.
    static func write(_ text: String, to path: String) throws {
        do { try text.write(toFile: path, atomically: false, encoding: .utf8) } catch {
            throw CommandProblem(.usage, "\(path) cannot be written: \(error.localizedDescription)")
        }
    }
}
