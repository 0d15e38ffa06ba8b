import Foundation

/// What asks a long-running command to end: a signal, or the end of its standard input.
final class EndSignals: Sendable {
    private let interruption = Interruption()
    private let requests: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init(standardInput: Bool = false) {
        (requests, continuation) = AsyncStream.makeStream()
        interruption.handle { [continuation] _, _ in continuation.yield() }
        guard standardInput else { return }
        let thread = Thread { [continuation] in
            var byte: UInt8 = 0
            while read(0, &byte, 1) > 0 || errno == EINTR {}
            continuation.yield()
        }
        thread.start()
    }

    /// Waits for the first of them. False after `cancel`.
    func first() async -> Bool {
        for await _ in requests { return true }
        return false
    }

    func cancel() { continuation.finish() }
}
