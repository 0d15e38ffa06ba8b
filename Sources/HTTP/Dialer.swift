import CCurl
import Glibc

/// Dials connections without blocking: names, TCP and TLS by libcurl, on the owner's poller.
///
/// Only dialling handles are driven through libcurl's multi interface. A handle stays in the multi once
/// connected, for libcurl finds its connection through it. One thread owns a Dialer and everything it made.
package final class Dialer {
    package struct Finished {
        package var slot: Int
        /// nil: connected.
        package var failure: DialFailure?
    }

    /// Marks the poller tokens of sockets that libcurl is dialling on; the descriptor is in the lower half.
    package static let tokenMark: UInt64 = 1 << 63

    private static let initialised: Bool = {
        curl_global_init(Int(CURL_GLOBAL_ALL))
        // OpenSSL writes without MSG_NOSIGNAL: a peer that closed must be an error, not the end of the
        // process.
        signal(SIGPIPE, SIG_IGN)
        return true
    }()

    private let multi: UnsafeMutableRawPointer
    fileprivate let poller: Poller
    /// When libcurl wants to be called without an event, on the owner's clock.
    fileprivate var timerMilliseconds: Int?
    private var timerDue: Int64?
    /// Descriptors handed over to a Connection: libcurl may no longer change what they are watched for.
    private var handedOver: [Bool] = Array(repeating: false, count: 1024)

    /// - Parameter connections: how many may be open at once; libcurl closes idle ones beyond twice that.
    package init(poller: Poller, connections: Int) throws(Poller.SetupError) {
        guard Self.initialised, let multi = curl_multi_init() else {
            throw Poller.SetupError(call: "curl_multi_init", code: ENOMEM)
        }
        self.multi = multi
        self.poller = poller
        lc_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 2 * connections + 16)
        let context = Unmanaged.passUnretained(self).toOpaque()
        lc_multi_on_socket(
            multi,
            { _, fd, what, context, _ in
                let dialer = Unmanaged<Dialer>.fromOpaque(context!).takeUnretainedValue()
                dialer.watch(fd, what)
                return 0
            }, context)
        lc_multi_on_timer(
            multi,
            { _, milliseconds, context in
                let dialer = Unmanaged<Dialer>.fromOpaque(context!).takeUnretainedValue()
                dialer.timerMilliseconds = milliseconds
                return 0
            }, context)
    }

    deinit { curl_multi_cleanup(multi) }

    /// Starts a dial; its end comes from `nextFinished`. nil if libcurl is out of memory.
    package func dial(_ endpoint: Endpoint, slot: Int, timeoutMilliseconds: Int) -> Connection? {
        guard let handle = endpoint.makeHandle() else { return nil }
        lc_easy_set_slot(handle, UInt32(slot))
        // The owner's own timer is the one that counts; libcurl's (300 s by default) must not come before it.
        lc_easy_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, timeoutMilliseconds + 1000)
        guard curl_multi_add_handle(multi, handle) == CURLM_OK else {
            curl_easy_cleanup(handle)
            return nil
        }
        return Connection(handle: handle, isPlain: endpoint.scheme == "http")
    }

    /// An event with the dialler's mark.
    package func handle(_ event: Poller.Event) {
        var running: Int32 = 0
        var flags: Int32 = 0
        if event.isReadable { flags |= CURL_CSELECT_IN }
        if event.isWritable { flags |= CURL_CSELECT_OUT }
        curl_multi_socket_action(multi, Int32(truncatingIfNeeded: event.token & 0xFFFF_FFFF), flags, &running)
    }

    /// Runs libcurl's timer if it is due. `now` in nanoseconds, on any one clock.
    package func tick(now: Int64) {
        takeTimer(now)
        guard let due = timerDue, due <= now else { return }
        timerDue = nil
        var running: Int32 = 0
        curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
        takeTimer(now)
    }

    /// When `tick` must be called next, on the clock of its `now`.
    package func nextTick(now: Int64) -> Int64? {
        takeTimer(now)
        return timerDue
    }

    private func takeTimer(_ now: Int64) {
        guard let milliseconds = timerMilliseconds else { return }
        timerMilliseconds = nil
        timerDue = milliseconds < 0 ? nil : now + Int64(milliseconds) * 1_000_000
    }

    package func nextFinished() -> Finished? {
        var code = CURLE_OK
        guard let handle = lc_multi_next_finished(multi, &code) else { return nil }
        let failure = code == CURLE_OK ? nil : DialFailure(code, handle: handle)
        return Finished(slot: Int(lc_easy_slot(handle)), failure: failure)
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
        curl_multi_remove_handle(multi, connection.handle)
        curl_easy_cleanup(connection.handle)
    }

    fileprivate func watch(_ fd: Int32, _ what: Int32) {
        if Int(fd) < handedOver.count, handedOver[Int(fd)] { return }
        if what == CURL_POLL_REMOVE { return poller.forget(fd) }
        poller.watch(
            fd, reading: what & CURL_POLL_IN != 0, writing: what & CURL_POLL_OUT != 0,
            token: Self.tokenMark | UInt64(fd))
    }
}
