import CCurl
import Glibc

/// Dials connections without blocking: names, TCP and TLS by libcurl, on the owner's poller.
///
/// Only dialling handles are driven through libcurl's multi interface. A handle stays in its multi handle once
/// connected, for libcurl finds its connection through it: by a walk through all that the multi handle has, at the end
/// of a TLS handshake, and for each call where it reads and writes itself. So encrypted connections share one in small
/// lots. One thread owns a Dialer and everything it made.
package final class Dialer: MultiHandleOwner {
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

    private let poller: Poller
    private let most: Int
    /// nil: each handshake is whole.
    private let sessions: TLSSessions?
    private var dialled = 0
    /// Made when their first connection is dialled.
    private var lots: [MultiHandle] = []
    /// Those that may have a dial that has ended, and those that want to be called without an event.
    private var stirred: [Int] = []
    private var timed: [Int] = []
    /// Descriptors handed over to a Connection: libcurl may no longer change what they are watched for.
    private var handedOver: [Bool] = Array(repeating: false, count: 1024)

    /// - Parameters:
    ///   - connections: how many may be open at once; libcurl closes idle ones beyond twice that.
    ///   - resumesSessions: a connection takes up the TLS session of an earlier one.
    package init(poller: Poller, connections: Int, resumesSessions: Bool = false) throws(Poller.SetupError) {
        self.poller = poller
        sessions = resumesSessions ? TLSSessions() : nil
        most = connections
        lots = [try MultiHandle(of: self, number: 0, connections: connections)]
    }

    /// Starts a dial; its end comes from `nextFinished`. nil if libcurl is out of memory.
    package func dial(_ endpoint: Endpoint, slot: Int, timeoutMilliseconds: Int) -> Connection? {
        let way = way(to: endpoint)
        dialled += 1
        guard let lot = lot(way == .socket ? 0 : slot / Self.lotSize),
            let handle = endpoint.makeHandle(turn: dialled, sessions: sessions)
        else { return nil }
        lc_easy_set_slot(handle, UInt32(slot))
        // The owner's own timer is the one that counts; libcurl's (300 s by default) must not come before it.
        lc_easy_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, timeoutMilliseconds + 1000)
        guard curl_multi_add_handle(lots[lot].multi, handle) == CURLM_OK else {
            curl_easy_cleanup(handle)
            return nil
        }
        return Connection(handle: handle, lot: lot, way: way)
    }

    private func way(to endpoint: Endpoint) -> Connection.Way {
        if endpoint.connection.proxy?.hasPrefix("https:") == true { return .libcurl }
        if endpoint.scheme == "http" { return .socket }
        return sessions == nil ? .session : .libcurl
    }

    private func lot(_ number: Int) -> Int? {
        while lots.count <= number {
            do { lots.append(try MultiHandle(of: self, number: lots.count, connections: most)) } catch {
                return nil
            }
        }
        return number
    }

    /// An event with the dialler's mark.
    package func handle(_ event: Poller.Event) {
        let lot = Int(event.token >> 32 & 0x7FFF_FFFF)
        lots[lot].act(event.descriptor, event.selection)
        stir(lot)
    }

    private func stir(_ lot: Int) {
        guard !lots[lot].isStirred else { return }
        lots[lot].isStirred = true
        stirred.append(lot)
    }

    /// Runs libcurl's timers that are due. `now` in nanoseconds, on any one clock.
    package func tick(now: Int64) {
        guard !timed.isEmpty else { return }
        for lot in timed where lots[lot].tick(now: now) { stir(lot) }
        timed.removeAll { lot in
            lots[lot].isTimed = lots[lot].nextTick(now: now) != nil
            return !lots[lot].isTimed
        }
    }

    /// When `tick` must be called next, on the clock of its `now`.
    package func nextTick(now: Int64) -> Int64? {
        timed.lazy.compactMap { self.lots[$0].nextTick(now: now) }.min()
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
        guard connection.open(fd) else { return false }
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

    func watch(_ fd: Int32, _ what: Int32, lot: Int) {
        if Int(fd) < handedOver.count, handedOver[Int(fd)] { return }
        poller.watch(fd, as: what, token: Self.tokenMark | UInt64(lot) << 32 | UInt64(fd))
    }

    func wantsTick(_ lot: Int) {
        guard lot < lots.count, !lots[lot].isTimed else { return }
        lots[lot].isTimed = true
        timed.append(lot)
    }
}
