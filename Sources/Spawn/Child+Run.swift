import Dispatch
import Synchronization

extension Child {
    /// Starts a program and waits for its end as `finish` does, collecting what it prints; a task that is cancelled
    /// ends it.
    package static func run<Output: Sendable>(
        _ program: Program, within limit: Duration, into output: Output,
        adding add: @escaping @Sendable (inout Output, ArraySlice<UInt8>) -> Void
    ) async throws(NoStart) -> (end: End, output: Output) {
        let isCancelled = Mutex(false)
        let result: Result<(end: End, output: Output), NoStart> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // It blocks, so not on one of Swift's own few threads.
                DispatchQueue.global().async {
                    var output = output
                    do throws(NoStart) {
                        let child = try Child(program)
                        let end = child.finish(
                            within: limit, isCancelled: { isCancelled.withLock { $0 } },
                            printing: { add(&output, $0) })
                        continuation.resume(returning: .success((end, output)))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            }
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
        return try result.get()
    }
}
