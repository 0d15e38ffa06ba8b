import Foundation
import Synchronization

/// A thread that lives as long as the process and carries out one piece of work after the other.
///
/// What is told to die with its parent dies with the thread that started it, and threads of pools come and go.
package final class SerialThread: Sendable {
    private let pending = Mutex<[@Sendable () -> Void]>([])
    private let available = DispatchSemaphore(value: 0)

    package init(name: String) {
        let thread = Thread { [self] in
            while true {
                available.wait()
                let work = pending.withLock { $0.removeFirst() }
                work()
            }
        }
        thread.name = name
        thread.start()
    }

    /// Waits until the work is done; it takes a millisecond or two here.
    package func sync<Value: Sendable>(_ work: @escaping @Sendable () -> Value) -> Value {
        let box = ResultBox<Value>()
        let done = DispatchSemaphore(value: 0)
        pending.withLock {
            $0.append {
                let made = work()
                box.value.withLock { $0 = made }
                done.signal()
            }
        }
        available.signal()
        done.wait()
        return box.value.withLock { $0! }
    }
}

private final class ResultBox<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}
