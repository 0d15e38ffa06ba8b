import CCurl
import Glibc

/// Carries whole requests over HTTP/2, by libcurl: they share connections, as many at once on each as the server
/// allows, and a connection more when all are full.
///
/// Only by TLS, where the server must choose h2: without, libcurl 7.88 cannot use a connection a second time.
/// A request that a kept connection lost before any of its answer came is sent again by libcurl itself, as a browser
/// does; not so after GOAWAY, which ends as `lost`. One thread owns a Multiplexer.
package final class Multiplexer: MultiHandleOwner {
    package struct Finished {
        package var slot: Int
        /// nil: there is an answer, which the request's parser has read.
        package var failure: Failure?
        /// It came by a connection that had been used before.
        package var isReused: Bool
        package var newConnections: Int
        /// Of the answer: its headers as text, and its body.
        package var receivedBytes: Int
        /// The peer's IP address; empty: none was reached.
        package var address: String
    }

    package enum Failure: Hashable, Sendable {
        case dial(DialFailure)
        /// The connection, or this request's stream of it, was given up by the peer.
        case lost
        /// What came is not HTTP/2, or the parser refused it.
        case badAnswer
        /// The peer chose HTTP/1.1.
        case otherVersion
    }

    private let poller: Poller
    private var handle: MultiHandle?
    private let freshConnections: Bool
    private let sockets = SocketCount()
    /// By slot; made with its first request.
    private var exchanges: [Exchange?] = []
    private var started = 0

    /// - Parameters:
    ///   - connections: how many requests may be open at once, and so connections at the most.
    ///   - freshConnections: each request has one of its own.
    package init(poller: Poller, connections: Int, freshConnections: Bool) throws(Poller.SetupError) {
        self.poller = poller
        self.freshConnections = freshConnections
        let handle = try MultiHandle(of: self, number: 0, connections: connections)
        // As many streams as the server allows; libcurl's own limit is 100.
        lc_multi_set_long(handle.multi, CURLMOPT_MAX_CONCURRENT_STREAMS, 1 << 20)
        self.handle = handle
    }

    deinit {
        // First, as it asks its owner no more: what is closed now would find one that has gone.
        handle = nil
        for case let exchange? in exchanges { exchange.free() }
    }

    /// Connections that are open now.
    package var connections: Int { sockets.open }

    /// Sends a request; its end comes from `nextFinished`. False if libcurl is out of memory.
    ///
    /// - Parameters:
    ///   - text: the request as HTTP/1.1 has it. What only HTTP/1.1 knows of it is left out.
    ///   - parser: reads the answer, as if it were one of HTTP/1.1; must stay where it is until the end or `cancel`.
    package func start(
        _ slot: Int, to endpoint: Endpoint, _ text: UnsafeRawBufferPointer,
        parser: UnsafeMutablePointer<ResponseParser>, timeoutMilliseconds: Int
    ) -> Bool {
        guard let handle, let exchange = exchange(slot) else { return false }
        started += 1
        guard exchange.prepare(text, to: endpoint, turn: started, parser: parser) else { return false }
        // The owner's own timer is the one that counts.
        lc_easy_set_long(exchange.easy, CURLOPT_CONNECTTIMEOUT_MS, timeoutMilliseconds + 1000)
        guard curl_multi_add_handle(handle.multi, exchange.easy) == CURLM_OK else { return false }
        exchange.isRunning = true
        return true
    }

    /// Gives a request up, if it has not ended: its stream is reset, and the connection is kept.
    /// - Returns: the connections that were dialled for it.
    package func cancel(_ slot: Int) -> Int {
        guard slot < exchanges.count, let exchange = exchanges[slot], exchange.isRunning else { return 0 }
        defer { stop(exchange) }
        return exchange.newConnections
    }

    /// Where a request that is given up was stuck; nil: it was sent.
    package func stage(of slot: Int) -> DialFailure.Stage? {
        guard slot < exchanges.count, let exchange = exchanges[slot] else { return nil }
        if lc_easy_time(exchange.easy, CURLINFO_PRETRANSFER_TIME_T) > 0 { return nil }
        let stage = DialFailure.stage(reachedBy: exchange.easy)
        // One that waits for the dial of another has not looked the name up itself.
        return stage == .dns && (sockets.open > 0 || exchange.knowsAddress) ? .connect : stage
    }

    /// An event with the dialler's mark.
    package func handle(_ event: Poller.Event) { handle?.act(event.descriptor, event.selection) }

    /// Runs libcurl's timer if it is due. `now` in nanoseconds, on any one clock.
    package func tick(now: Int64) { _ = handle?.tick(now: now) }

    /// When `tick` must be called next, on the clock of its `now`.
    package func nextTick(now: Int64) -> Int64? { handle?.nextTick(now: now) }

    package func nextFinished() -> Finished? {
        var code = CURLE_OK
        guard let handle, let easy = lc_multi_next_finished(handle.multi, &code) else { return nil }
        let slot = Int(lc_easy_slot(easy))
        guard let exchange = exchanges[slot] else { return nil }
        let made = exchange.newConnections
        let finished = Finished(
            slot: slot, failure: exchange.failure(code), isReused: made == 0, newConnections: made,
            receivedBytes: exchange.receivedBytes,
            address: lc_easy_remote_address(easy).map { String(cString: $0) } ?? "")
        stop(exchange)
        return finished
    }

    private func exchange(_ slot: Int) -> Exchange? {
        if slot >= exchanges.count {
            exchanges += Array(repeating: nil, count: slot + 1 - exchanges.count + 64)
        }
        if exchanges[slot] == nil {
            exchanges[slot] = Exchange(slot: slot, sockets: sockets, freshConnection: freshConnections)
        }
        return exchanges[slot]
    }

    private func stop(_ exchange: Exchange) {
        guard exchange.isRunning, let handle else { return }
        exchange.isRunning = false
        curl_multi_remove_handle(handle.multi, exchange.easy)
    }

    func watch(_ fd: Int32, _ what: Int32, lot: Int) {
        poller.watch(fd, as: what, token: Dialer.tokenMark | UInt64(fd))
    }

    /// There is one alone: it is always asked.
    func wantsTick(_ lot: Int) {}
}

/// The sockets that libcurl has open: it does not say itself.
final class SocketCount {
    fileprivate(set) var open = 0

    /// Makes libcurl open and close the handle's sockets by us. They live longer than the handle.
    func count(_ easy: OpaqueHandle) {
        lc_easy_on_sockets(
            easy,
            { context, _, address in
                guard let context, let address else { return -1 }
                let fd = socket(
                    address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
                    address.pointee.protocol)
                if fd >= 0 { Unmanaged<SocketCount>.fromOpaque(context).takeUnretainedValue().open += 1 }
                return fd
            },
            { context, fd in
                if let context { Unmanaged<SocketCount>.fromOpaque(context).takeUnretainedValue().open -= 1 }
                return close(fd)
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
