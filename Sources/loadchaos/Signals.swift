import Dispatch
import Glibc

/// Ctrl-C, SIGTERM and SIGHUP as calls, also where SIGINT was ignored by the parent (as in `nohup` or a script's `&`).
final class Signals {
    private let sources: [any DispatchSourceSignal]

    /// `handle` gets the signal's name and how often any has come; on a queue of its own.
    init(handle: @escaping @Sendable (_ name: String, _ count: Int) -> Void) {
        let queue = DispatchQueue(label: "loadchaos.signals")
        let counter = Counter()
        sources = [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")].map { number, name in
            // The default action must be off for the source to be the only receiver.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { handle(name, counter.next()) }
            source.resume()
            return source
        }
    }

    /// Touched on the signals' own queue only.
    private final class Counter: @unchecked Sendable {
        private var count = 0
        func next() -> Int {
            count += 1
            return count
        }
    }
}
