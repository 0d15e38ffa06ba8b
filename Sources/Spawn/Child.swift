import CLab
import Glibc

/// A program of ours under way, and what it prints. One thread's, but for `signal`.
package final class Child: @unchecked Sendable {
    /// Between SIGTERM and SIGKILL, real time.
    package static let grace = Duration.seconds(1)

    /// How it came to its end. A signal is 128 + its number, as shells have it.
    package enum End: Hashable, Sendable {
        case exited(Int)
        case timedOut
        case cancelled
    }

    /// Of the program, and of its process group.
    package let id: Int32
    /// -1: not ours to read, or not any more.
    private var output: Int32
    /// Can be read once it has ended. Negative: this kernel has no such thing, and it is asked for every 20 ms.
    private let life: Int32
    /// Set once it has been waited for.
    private var code: Int?

    /// Starts it. What it prints comes to us, its errors too unless the program has them go elsewhere.
    package init(_ program: Program) throws(NoStart) {
        let pipe = try pipeEnds()
        defer { close(pipe.writing) }
        // A grandchild that leaves the group may hold the pipe open for ever: its end is never waited for.
        _ = fcntl(pipe.reading, F_SETFL, O_NONBLOCK)
        var program = program
        program.output = pipe.writing
        do throws(NoStart) { id = try program.spawn() } catch {
            close(pipe.reading)
            throw error
        }
        output = pipe.reading
        life = clab_child_file(id)
    }

    /// Starts one that prints where the program says.
    package init(unheard program: Program) throws(NoStart) {
        id = try program.spawn()
        output = -1
        life = clab_child_file(id)
    }

    deinit { for file in [output, life] where file >= 0 { close(file) } }

    /// Its exit code, or 128 + the signal that ended it; nil: it runs.
    package func ending() -> Int? { reap(WNOHANG) }

    /// Blocks until it has ended by itself, for its exit code as above.
    @discardableResult package func wait() -> Int {
        while true { if let code = reap(0) { return code } }
    }

    private func reap(_ options: Int32) -> Int? {
        if let code { return code }
        var status: Int32 = 0
        let ended = waitpid(id, &status, options)
        guard ended == id || (ended < 0 && errno != EINTR) else { return nil }
        let signal = status & 0x7F
        code = signal == 0 ? Int((status >> 8) & 0xFF) : 128 + Int(signal)
        return code
    }

    /// To everything of its group.
    package func signal(_ number: Int32) { kill(-id, number) }

    /// Hands over what it has printed by now.
    package func drain(into take: (ArraySlice<UInt8>) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        // Bounded, so that a command which prints without end does not keep us from looking at the time.
        for _ in 0..<64 {
            let count = output < 0 ? -1 : read(output, &buffer, buffer.count)
            if count > 0 { take(buffer[..<count]) }
            // Its end would be there to read for ever, and a caller that waits for more would spin.
            if count == 0 {
                close(output)
                output = -1
            }
            guard count > 0 else { return }
        }
    }

    /// Blocks until it prints or has ended, or 20 ms have gone. To be called when all it has printed has been read.
    package func pause() {
        // A negative one is left out.
        var waits = [output, life].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        poll(&waits, 2, 20)
    }

    /// Blocks until it has ended: by itself, or by SIGTERM when its time is over or it is cancelled, and SIGKILL a
    /// `grace` later. Nothing of its group outlives it, as in a container.
    package func finish(
        within limit: Duration, isCancelled: () -> Bool = { false },
        printing take: (ArraySlice<UInt8>) -> Void
    ) -> End {
        /// Why we end it; nil: it ends by itself.
        var end: End?
        var killAt: ContinuousClock.Instant?
        let deadline = ContinuousClock.now + limit
        while true {
            drain(into: take)
            if let code = ending() {
                signal(SIGKILL)
                drain(into: take)
                return end ?? .exited(code)
            }
            let now = ContinuousClock.now
            if let killAt {
                if now >= killAt { signal(SIGKILL) }
            } else if isCancelled() || now >= deadline {
                end = now >= deadline ? .timedOut : .cancelled
                signal(SIGTERM)
                killAt = now + Self.grace
            }
            pause()
        }
    }
}
