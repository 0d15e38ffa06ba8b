import Glibc
package import Plan
import Synchronization

/// An HTTP server whose latency is known: what a load generator must report can be computed.
///
/// In a stall nothing is answered, as in a program that stops. What comes meanwhile is taken, as a kernel takes it for
/// such a program, and answered at the stall's end, in the order in which it came: only the writing is left to do then.
/// The server notes when it really stalled and when it really answered, as the machine decides that in the end. It reads
/// requests without a body.
package final class TruthServer: Sendable {
    package struct Truth: Sendable {
        /// Between a request and the first byte of its answer, at the least; a millisecond more at the most.
        package var delay = Nanoseconds.zero
        /// The answer's body comes in this many pieces, each `delay` after the last.
        package var pieces = 1
        /// At the end of each `every`, from the server's start on; zero: never.
        package var stall = Nanoseconds.zero
        package var every = Nanoseconds.seconds(1)
        /// What is read in this part of the server's life is answered by a reset.
        package var resets: Range<Nanoseconds>?

        package init() {}
    }

    /// Times are CLOCK_MONOTONIC.
    package struct Record: Sendable {
        package var stalls: [Range<Nanoseconds>] = []
        /// Of each stall, how long after its end each request that had come was answered, in the order in which they came.
        package var backlogs: [[Nanoseconds]] = []
        package var answered = 0
        package var resets: [Nanoseconds] = []
    }

    private struct Connection {
        /// 0: the descriptor is nobody's.
        var id = 0
        /// Where it stands among what is polled.
        var place = 0
        /// Of the four bytes that end a head, how many have come.
        var matched = 0
    }

    /// A piece of an answer that is due.
    private struct Piece {
        var due: Nanoseconds
        var socket: Int32
        var id: Int
        var number: Int
    }

    package let port: Int
    private let truth: Truth
    private let listener: Int32
    private let stopped = Atomic<Bool>(false)
    private let shared = Mutex(Record())

    package init(_ truth: Truth, port: Int = 0) throws {
        precondition(truth.stall < truth.every && truth.pieces > 0, "a server must have time to answer")
        self.truth = truth
        (listener, self.port) = try LoopbackListener.listening(
            on: "127.0.0.1", port: port, isBlocking: false, backlog: 4096)
        ScriptedTarget.detach { [self] in
            var loop = Loop(self)
            loop.run()
        }
    }

    package var record: Record { shared.withLock { $0 } }

    /// Ends within a tenth of a second, or at the end of a stall.
    package func stop() { stopped.store(true, ordering: .releasing) }

    package static var now: Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Nanoseconds(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    // MARK: - The one thread

    private struct Loop {
        let server: TruthServer
        let start = TruthServer.now
        var nextStall: Nanoseconds
        /// When the stall under way began.
        var stallBegan: Nanoseconds?
        var lastStallEnd = Nanoseconds(.min)
        /// By descriptor.
        var connections: [Connection] = []
        /// The listener first. Kept from one wait to the next: thousands of them cost more than an answer. Negative
        /// descriptors have been closed.
        var polled: [pollfd]
        var closed = 0
        var made = 0
        /// In the order in which they are due: each is one `delay` after what called for it.
        var pieces: [Piece] = []
        var firstPiece = 0
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let head: [UInt8]

        var truth: Truth { server.truth }

        init(_ server: TruthServer) {
            self.server = server
            polled = [pollfd(fd: server.listener, events: Int16(POLLIN), revents: 0)]
            head = Array("HTTP/1.1 200 OK\r\nContent-Length: \(server.truth.pieces)\r\n\r\nx".utf8)
            let isStalling = server.truth.stall > .zero
            nextStall = isStalling ? start + server.truth.every - server.truth.stall : Nanoseconds(.max)
        }

        mutating func run() {
            while !server.stopped.load(ordering: .acquiring) {
                stallIfDue()
                if stallBegan == nil { sendDue() }
                wait()
            }
            for each in polled where each.fd >= 0 { close(each.fd) }
        }

        private var stallEnd: Nanoseconds { nextStall + truth.stall }

        private mutating func stallIfDue() {
            let now = TruthServer.now
            guard let began = stallBegan else {
                if now >= nextStall { stallBegan = now }
                return
            }
            guard now >= stallEnd else { return }
            stallBegan = nil
            lastStallEnd = now
            nextStall += truth.every
            server.shared.withLock {
                $0.stalls.append(began..<now)
                $0.backlogs.append([])
            }
        }

        private mutating func wait() {
            var next = min(stallBegan == nil ? nextStall : stallEnd, TruthServer.now + .milliseconds(100))
            if stallBegan == nil, firstPiece < pieces.count { next = min(next, pieces[firstPiece].due) }
            let pause = max(0, (next - TruthServer.now).inMilliseconds.rounded(.up))
            guard poll(&polled, nfds_t(polled.count), Int32(pause)) > 0 else { return }
            let count = polled.count
            // Who is connected came before who connects.
            for place in 1..<max(count, 1) where polled[place].fd >= 0 && polled[place].revents != 0 {
                read(polled[place].fd)
            }
            if polled[0].revents != 0 { accept() }
            forgetClosed()
        }

        /// In the order in which they came, and whoever has asked already is answered first.
        private mutating func accept() {
            while true {
                let socket = Glibc.accept(server.listener, nil, nil)
                guard socket >= 0 else { return }
                made += 1
                while connections.count <= socket { connections.append(Connection()) }
                connections[Int(socket)] = Connection(id: made, place: polled.count)
                polled.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0))
                read(socket)
            }
        }

        private mutating func forgetClosed() {
            guard closed > polled.count / 2 else { return }
            polled.removeAll { $0.fd < 0 }
            for (place, each) in polled.enumerated().dropFirst() { connections[Int(each.fd)].place = place }
            closed = 0
        }

        private mutating func read(_ socket: Int32) {
            var connection = connections[Int(socket)]
            let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else {
                if count == 0 || errno != EAGAIN { end(socket) }
                return
            }
            let end: [UInt8] = [13, 10, 13, 10]
            for byte in buffer[..<count] {
                connection.matched =
                    byte == end[connection.matched] ? connection.matched + 1 : byte == 13 ? 1 : 0
                guard connection.matched == end.count else { continue }
                connection.matched = 0
                guard take(socket, connection.id), connections[Int(socket)].id == connection.id else {
                    return
                }
            }
            connections[Int(socket)].matched = connection.matched
        }

        /// One request. False: its connection is over.
        private mutating func take(_ socket: Int32, _ id: Int) -> Bool {
            let now = TruthServer.now
            if let resets = truth.resets, resets.contains(now - start) {
                var linger = linger(l_onoff: 1, l_linger: 0)
                setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
                self.end(socket)
                server.shared.withLock { $0.resets.append(now) }
                return false
            }
            let begins = stallBegan == nil ? now : stallEnd
            let piece = Piece(due: begins + truth.delay, socket: socket, id: id, number: 1)
            if stallBegan == nil, truth.delay == .zero { send(piece) } else { pieces.append(piece) }
            return true
        }

        private mutating func sendDue() {
            var backlog: [Nanoseconds] = []
            while firstPiece < pieces.count, pieces[firstPiece].due <= TruthServer.now {
                let piece = pieces[firstPiece]
                firstPiece += 1
                send(piece)
                if piece.due <= lastStallEnd { backlog.append(TruthServer.now - lastStallEnd) }
            }
            if !backlog.isEmpty {
                server.shared.withLock { $0.backlogs[$0.backlogs.count - 1] += backlog }
            }
            if firstPiece > 4096 || firstPiece == pieces.count {
                pieces.removeFirst(firstPiece)
                firstPiece = 0
            }
        }

        private mutating func send(_ piece: Piece) {
            guard connections[Int(piece.socket)].id == piece.id else { return }
            let bytes = piece.number == 1 ? head : [0x78]
            guard Glibc.send(piece.socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
                return end(piece.socket)
            }
            if piece.number == truth.pieces {
                server.shared.withLock { $0.answered += 1 }
            } else {
                let due = max(piece.due, TruthServer.now) + truth.delay
                pieces.append(Piece(due: due, socket: piece.socket, id: piece.id, number: piece.number + 1))
            }
        }

        private mutating func end(_ socket: Int32) {
            polled[connections[Int(socket)].place].fd = -1
            closed += 1
            connections[Int(socket)] = Connection()
            close(socket)
        }
    }
}
