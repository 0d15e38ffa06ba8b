import Dispatch
import Glibc
import Synchronization

/// Ctrl-C, SIGTERM and SIGHUP as calls, also where SIGINT was ignored by the parent (`nohup`, a script's `&`).
///
/// More than one may listen at a time: a gate, and the run that it plays.
final class Interruption: Sendable {
    /// Gets the signal's name and how many have come so far, on a queue.
    typealias Handler = @Sendable (_ signal: String, _ count: Int) -> Void

    private struct State {
        var signal = ""
        var count = 0
        var handler: Handler?
    }

    private let state = Mutex(State())

    /// Listens from now on, until `end`.
    init() { ProcessSignals.listeners.withLock { $0[ObjectIdentifier(self)] = self } }

    /// Instead of what was called before. Is called at once if a signal has come already.
    func handle(_ handler: @escaping Handler) {
        let before = state.withLock { state in
            state.handler = handler
            return state
        }
        if before.count > 0 { handler(before.signal, before.count) }
    }

    var happened: Bool { state.withLock { $0.count > 0 } }

    /// No more calls; the signals stay ignored.
    func end() { _ = ProcessSignals.listeners.withLock { $0.removeValue(forKey: ObjectIdentifier(self)) } }

    fileprivate func note(_ signal: String) {
        let now = state.withLock { state in
            state.signal = signal
            state.count += 1
            return state
        }
        now.handler?(now.signal, now.count)
    }
}

/// The process's own signals: received from the first listener on, to the end.
///
/// Never ended and begun again: on Linux a source of a signal whose earlier source was cancelled is never called.
private enum ProcessSignals {
    static let listeners: Mutex<[ObjectIdentifier: Interruption]> = {
        for (number, name) in [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")] {
            // The default action must be off for the source to be the only receiver.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // The handler keeps its source alive.
                withExtendedLifetime(source) {
                    for listener in listeners.withLock({ Array($0.values) }) { listener.note(name) }
                }
            }
            source.activate()
        }
        return Mutex([:])
    }()
}
