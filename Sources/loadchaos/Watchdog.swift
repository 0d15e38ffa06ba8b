import Foundation
import Glibc
import Lab

/// A process of its own that pays a run's debts should the run die before it can: `kill -9`, no memory left.
///
/// It reads a pipe that the run alone holds open. A run that has ended says so first; one that has died cannot.
final class Watchdog {
    /// What a run says that needs nobody any more.
    static let released = "released\n"

    private let process: Process
    private let pipe: Int32

    /// - Throws: why it did not start: a run that cannot be watched over does not begin.
    init(run: String, journal: String) throws {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else {
            throw CommandProblem(
                .unreachable, "no pipe for the watchdog: \(String(cString: strerror(errno)))")
        }
        // Not for other children: one that outlived us would hold the pipe open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipe = ends[1]
        process = Process()
        process.executableURL = URL(filePath: Parts.executablePath())
        process.arguments = ["__watchdog", run, "--journal", URL(filePath: journal).path]
        process.standardInput = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        process.standardOutput = FileHandle.standardError
        do { try process.run() } catch {
            close(pipe)
            throw CommandProblem(.unreachable, "the watchdog does not start: \(error.localizedDescription)")
        }
    }

    /// The run has healed what it could: whatever is left stands in the journal, and it has said so.
    func release() {
        let word = Array(Self.released.utf8)
        // A watchdog that has gone already needs no word.
        _ = Glibc.write(pipe, word, word.count)
        close(pipe)
        process.waitUntilExit()
    }
}
