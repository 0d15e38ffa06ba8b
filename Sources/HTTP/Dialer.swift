import CCurl
import Glibc

/// Dials connections without blocking: names, TCP and TLS by libcurl, on the owner's poller.
///
/// Only dialling handles are driven through libcurl's multi interface. A handle stays in its multi handle once
/// connected, for libcurl finds its connection through it: by a walk through all that the multi handle has, for each
/// call under TLS. So encrypted connections share one in small lots. One thread owns a Dialer and everything it made.
package final class Dialer {
    package struct Finished {
        package var slot: Int
        /// nil: connected.
        package var failure: DialFailure?
    }

    /// Marks the poller tokens of sockets that libcurl is dialling on; the lot is in bits 32 to 62, the descriptor in
    /// the lower half.
    package static let tokenMark: UInt64 = 1 << 63
    /// Encrypted connections of one multi handle, which takes some 20 KB for itself.
    private static let lotSize = 16

    private static let initialised: Bool = {
        curl_global_init(Int(CURL_GLOBAL_ALL))
        // OpenSSL writes without MSG_NOSIGNAL: a peer that closed must be an error, not the end of the
        // process.
        signal(SIGPIPE, SIG_IGN)
        return true
    }()

    private let poller: Poller
    private let most: Int
    /// Made when their first connection is dialled.
    private var lots: [DialLot] = []
    /// Those that may have a dial that has ended, and those that want to be called without an event.
    private var stirred: [Int] = []
    private var timed: [Int] = []
    /// Descriptors handed over to a Connection: libcurl may no longer change what they are watched for.
    private var handedOver: [Bool] = Array(repeating: false, count: 1024)

    /// - Parameter connections: how many may be open at once; libcurl closes idle ones beyond twice that.
    package init(poller: Poller, connections: Int) throws(Poller.SetupError) {
        guard Self.initialised else { throw Poller.SetupError(call: "curl_global_init", code: ENOMEM) }
        self.poller = poller
        most = connections
        lots = [try DialLot(of: self, number: 0, connections: connections)]
    }

    /// Starts a dial; its end comes from `nextFinished`. nil if libcurl is out of memory.
    package func dial(_ endpoint: Endpoint, slot: Int, timeoutMilliseconds: Int) -> Connection? {
        let isPlain = endpoint.scheme == "http"
        guard let lot = lot(isPlain ? 0 : slot / Self.lotSize), let handle = endpoint.makeHandle() else {
            return nil
        }
        lc_easy_set_slot(handle, UInt32(slot))
        // The owner's own timer is the one that counts; libcurl's (300 s by default) must not come before it.
        lc_easy_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, timeoutMilliseconds + 1000)
        guard curl_multi_add_handle(lots[lot].multi, handle) == CURLM_OK else {
            curl_easy_cleanup(handle)
            return nil
        }
        return Connection(handle: handle, lot: lot, isPlain: isPlain)
    }

    private func lot(_ number: Int) -> Int? {
        while lots.count <= number {
            do { lots.append(try DialLot(of: self, number: lots.count, connections: most)) } catch {
                return nil
            }
        }
        return number
    }

    /// An event with the dialler's mark.
    package func handle(_ event: Poller.Event) {
        var flags: Int32 = 0
        if event.isReadable { flags |= CURL_CSELECT_IN }
        if event.isWritable { flags |= CURL_CSELECT_OUT }
        act(Int(event.token >> 32 & 0x7FFF_FFFF), Int32(truncatingIfNeeded: event.token & 0xFFFF_FFFF), flags)
    }

    private func act(_ lot: Int, _ descriptor: Int32, _ flags: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(lots[lot].multi, descriptor, flags, &running)
        if !lots[lot].isStirred {
            lots[lot].isStirred = true
            stirred.append(lot)
        }
    }

    /// Runs libcurl's timers that are due. `now` in nanoseconds, on any one clock.
    package func tick(now: Int64) {
        guard !timed.isEmpty else { return }
        for lot in timed {
            lots[lot].takeTimer(now)
            guard let due = lots[lot].timerDue, due <= now else { continue }
            lots[lot].timerDue = nil
            act(lot, CURL_SOCKET_TIMEOUT, 0)
            lots[lot].takeTimer(now)
        }
        timed.removeAll { lot in
            lots[lot].isTimed = lots[lot].timerDue != nil
            return !lots[lot].isTimed
        }
    }

    /// When `tick` must be called next, on the clock of its `now`.
    package func nextTick(now: Int64) -> Int64? {
        var next: Int64?
        for lot in timed {
            lots[lot].takeTimer(now)
            if let due = lots[lot].timerDue { next = min(next ?? due, due) }
        }
        return next
    }

    package func nextFinished() -> Finished? {
        while let lot = stirred.last {
            var code = CURLE_OK
            if let handle = lc_multi_next_finished(lots[lot].multi, &code) {
                let failure = code == CURLE_OK ? nil : DialFailure(code, handle: handle)
                return Finished(slot: Int(lc_easy_slot(handle)), failure: failure)
            }
            lots[lot].isStirred = false
            stirred.removeLast()
        }
        return nil
    }

    /// The connection is up: from now on its events come with `token`. False if it is already gone.
    package func handOver(_ connection: inout Connection, token: UInt64) -> Bool {
        let fd = lc_easy_socket(connection.handle)
        guard fd >= 0 else { return false }
        connection.descriptor = fd
        if Int(fd) >= handedOver.count {
            handedOver += Array(repeating: false, count: Int(fd) + 1 - handedOver.count + 1024)
        }
        handedOver[Int(fd)] = true
        poller.watch(fd, reading: true, writing: false, token: token)
        return true
    }

    /// Also says when there is room to send, or stops doing so.
    package func watch(_ connection: Connection, writing: Bool, token: UInt64) {
        poller.watch(connection.descriptor, reading: true, writing: writing, token: token)
    }

    /// Closes the connection, or gives the dial up.
    package func close(_ connection: Connection) {
        if connection.descriptor >= 0 {
            handedOver[Int(connection.descriptor)] = false
            poller.forget(connection.descriptor)
        }
        curl_multi_remove_handle(lots[connection.lot].multi, connection.handle)
        curl_easy_cleanup(connection.handle)
    }

    fileprivate func watch(_ fd: Int32, _ what: Int32, lot: Int) {
        if Int(fd) < handedOver.count, handedOver[Int(fd)] { return }
        if what == CURL_POLL_REMOVE { return poller.forget(fd) }
        poller.watch(
            fd, reading: what & CURL_POLL_IN != 0, writing: what & CURL_POLL_OUT != 0,
            token: Self.tokenMark | UInt64(lot) << 32 | UInt64(fd))
    }

    fileprivate func wantsTick(_ lot: Int) {
        guard lot < lots.count, !lots[lot].isTimed else { return }
        lots[lot].isTimed = true
        timed.append(lot)
    }
}

/// One multi handle with its connections.
private final class DialLot {
    let multi: UnsafeMutableRawPointer
    let number: Int
    private unowned let dialer: Dialer
    /// In the dialer's lists.
    var isStirred = false
    var isTimed = false
    /// When libcurl wants to be called without an event: in so many milliseconds, or by the owner's clock.
    private var timerMilliseconds: Int?
    var timerDue: Int64?

    init(of dialer: Dialer, number: Int, connections: Int) throws(Poller.SetupError) {
        guard let multi = curl_multi_init() else {
            throw Poller.SetupError(call: "curl_multi_init", code: ENOMEM)
        }
        (self.multi, self.dialer, self.number) = (multi, dialer, number)
        lc_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 2 * connections + 16)
        let context = Unmanaged.passUnretained(self).toOpaque()
        lc_multi_on_socket(
            multi,
            { _, fd, what, context, _ in
                let lot = Unmanaged<DialLot>.fromOpaque(context!).takeUnretainedValue()
                lot.dialer.watch(fd, what, lot: lot.number)
                return 0
            }, context)
        lc_multi_on_timer(
            multi,
            { _, milliseconds, context in
                let lot = Unmanaged<DialLot>.fromOpaque(context!).takeUnretainedValue()
                lot.timerMilliseconds = milliseconds
                lot.dialer.wantsTick(lot.number)
                return 0
            }, context)
    }

    deinit {
        // The dialer has gone: it is not to be told of what is closed now.
        lc_multi_on_socket(multi, nil, nil)
        lc_multi_on_timer(multi, nil, nil)
        curl_multi_cleanup(multi)
    }

    func takeTimer(_ now: Int64) {
        guard let milliseconds = timerMilliseconds else { return }
        timerMilliseconds = nil
        timerDue = milliseconds < 0 ? nil : now + Int64(milliseconds) * 1_000_000
    }
}
