import Dispatch
import Glibc
import Synchronization

/// Ctrl-C, SIGTERM and SIGHUP as calls, also where SIGINT was ignored by the parent (`nohup`, a script's `&`).
final class Interruption: Sendable {
    // Dispatch sources may be used from any thread; their protocol does not say so. They never change after init.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]
    private let count = Atomic(0)

    /// `handler` gets the signal's name and how many have come so far, on a queue.
    init(_ handler: @escaping @Sendable (_ signal: String, _ count: Int) -> Void) {
        sources = [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")].map { number, _ in
            // The default action must be off for the source to be the only receiver.
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for (source, name) in zip(sources, ["SIGINT", "SIGTERM", "SIGHUP"]) {
            source.setEventHandler { [self] in
                handler(name, count.add(1, ordering: .relaxed).newValue)
            }
            source.activate()
        }
    }

    var happened: Bool { count.load(ordering: .relaxed) > 0 }

    /// No more calls; the signals stay ignored.
    func end() { for source in sources { source.cancel() } }
}
