import CCurl
import Glibc

/// Who has multi handles on a poller: told what libcurl wants of it.
protocol MultiHandleOwner: AnyObject {
    /// Watch the socket of handle `lot` for `what` (CURL_POLL_…), or no longer.
    func watch(_ fd: Int32, _ what: Int32, lot: Int)
    /// Handle `lot` has a timer, or has none any more: see `MultiHandle.nextTick`.
    func wantsTick(_ lot: Int)
}

/// One multi handle of libcurl with its connections, driven by its owner's poller and clock.
final class MultiHandle {
    let multi: UnsafeMutableRawPointer
    let number: Int
    private unowned let owner: any MultiHandleOwner
    /// In the owner's lists.
    var isStirred = false
    var isTimed = false
    /// When libcurl wants to be called without an event: in so many milliseconds, or by the owner's clock.
    private var timerMilliseconds: Int?
    private var timerDue: Int64?

    private static let initialised: Bool = {
        guard curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK else { return false }
        // OpenSSL writes without MSG_NOSIGNAL: a peer that closed must be an error, not the end of the
        // process.
        signal(SIGPIPE, SIG_IGN)
        return true
    }()

    init(of owner: any MultiHandleOwner, number: Int, connections: Int) throws(Poller.SetupError) {
        guard Self.initialised, let multi = curl_multi_init() else {
            throw Poller.SetupError(call: "curl_multi_init", code: ENOMEM)
        }
        (self.multi, self.owner, self.number) = (multi, owner, number)
        lc_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 2 * connections + 16)
        let context = Unmanaged.passUnretained(self).toOpaque()
        lc_multi_on_socket(
            multi,
            { _, fd, what, context, _ in
                let handle = Unmanaged<MultiHandle>.fromOpaque(context!).takeUnretainedValue()
                handle.owner.watch(fd, what, lot: handle.number)
                return 0
            }, context)
        lc_multi_on_timer(
            multi,
            { _, milliseconds, context in
                let handle = Unmanaged<MultiHandle>.fromOpaque(context!).takeUnretainedValue()
                handle.timerMilliseconds = milliseconds
                handle.owner.wantsTick(handle.number)
                return 0
            }, context)
    }

    deinit {
        // The owner has gone: it is not to be told of what is closed now.
        lc_multi_on_socket(multi, nil, nil)
        lc_multi_on_timer(multi, nil, nil)
        curl_multi_cleanup(multi)
    }

    /// Something happened on a socket; CURL_SOCKET_TIMEOUT: time has passed.
    func act(_ descriptor: Int32, _ flags: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(multi, descriptor, flags, &running)
    }

    /// Runs the timer if it is due: whether it was. `now` in nanoseconds, on the owner's clock.
    func tick(now: Int64) -> Bool {
        guard let due = nextTick(now: now), due <= now else { return false }
        timerDue = nil
        act(CURL_SOCKET_TIMEOUT, 0)
        return true
    }

    /// When `tick` must be called next; nil: there is no timer.
    func nextTick(now: Int64) -> Int64? {
        if let milliseconds = timerMilliseconds {
            timerMilliseconds = nil
            timerDue = milliseconds < 0 ? nil : now + Int64(milliseconds) * 1_000_000
        }
        return timerDue
    }
}

extension Poller {
    /// As libcurl words it.
    func watch(_ fd: Int32, as what: Int32, token: UInt64) {
        if what == CURL_POLL_REMOVE { return forget(fd) }
        watch(fd, reading: what & CURL_POLL_IN != 0, writing: what & CURL_POLL_OUT != 0, token: token)
    }
}

extension Poller.Event {
    /// The lower half of the token.
    var descriptor: Int32 { Int32(truncatingIfNeeded: token & 0xFFFF_FFFF) }

    /// As libcurl words it.
    var selection: Int32 {
        (isReadable ? CURL_CSELECT_IN : 0) | (isWritable ? CURL_CSELECT_OUT : 0)
    }
}
