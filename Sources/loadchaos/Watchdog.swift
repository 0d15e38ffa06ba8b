import Foundation
import Glibc
import Lab
import Spawn

/// A process of its own that pays a run's debts should the run die before it can: `kill -9`, no memory left.
///
/// It reads a pipe that the run alone holds open. A run that has ended says so first; one that has died cannot.
final class Watchdog {
    /// What a run says that needs nobody any more.
    static let released = "released\n"

    private let process: Child
    private let pipe: Int32

    /// - Throws: why it did not start: a run that cannot be watched over does not begin.
    init(run: String, journal: String) throws {
        var watchdog = Program(
            Parts.executablePath(), ["__watchdog", run, "--journal", URL(filePath: journal).path],
            environment: Program.ownEnvironment)
        do throws(NoStart) {
            // Not for other children: one that outlived us would hold the pipe open.
            let (reading, writing) = try pipeEnds()
            defer { close(reading) }
            (watchdog.input, watchdog.output) = (reading, STDERR_FILENO)
            pipe = writing
            do throws(NoStart) { process = try Child(unheard: watchdog) } catch {
                close(writing)
                throw error
            }
        } catch {
            throw CommandProblem(.unreachable, "the watchdog does not start: \(error)")
        }
    }

    /// The run has healed what it could: whatever is left stands in the journal, and it has said so.
    func release() {
        let word = Array(Self.released.utf8)
        // A watchdog that has gone already needs no word.
        _ = Glibc.write(pipe, word, word.count)
        close(pipe)
        process.wait()
    }
}
