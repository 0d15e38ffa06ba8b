import Dispatch
import Foundation

/// What asks a long-running command to end: SIGINT, SIGTERM, SIGHUP, or the end of its standard input.
final class EndSignals: Sendable {
    enum Cause: Sendable {
        case signal(Int32)
        case endOfInput
    }

    private let causes: AsyncStream<Cause>
    private let continuation: AsyncStream<Cause>.Continuation

    /// Installed at once, also where the parent had a signal ignored.
    init(standardInput: Bool = false) {
        (causes, continuation) = AsyncStream.makeStream()
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            // The handler keeps its source alive: for the rest of the process there is no other way to end.
            source.setEventHandler { [continuation] in
                withExtendedLifetime(source) { _ = continuation.yield(.signal(number)) }
            }
            source.resume()
        }
        guard standardInput else { return }
        let thread = Thread { [continuation] in
            var byte: UInt8 = 0
            while read(0, &byte, 1) > 0 || errno == EINTR {}
            continuation.yield(.endOfInput)
        }
        thread.start()
    }

    /// The first cause; waits for it. Nil after `cancel`.
    func first() async -> Cause? {
        for await cause in causes { return cause }
        return nil
    }

    func cancel() { continuation.finish() }
}
