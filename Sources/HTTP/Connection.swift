import CCurl
import Glibc

/// One connection that libcurl dialled and that carries raw bytes. Made and closed by its Dialer, on one
/// thread.
///
/// A plain value, so that it can live in unmanaged memory beside the request it carries; it is closed by
/// hand.
package struct Connection {
    package enum Transfer {
        case bytes(Int)
        /// Nothing now: wait for the poller.
        case wouldBlock
        /// The peer closed, or the connection broke.
        case closed
    }

    let handle: UnsafeMutableRawPointer
    /// The dialer's, of the connections that share a multi handle.
    let lot: Int
    /// Without TLS the socket itself is read and written: libcurl looks a handle's connection up among all that its
    /// multi handle has, one by one, for each call, which with two thousand of them takes half of the time.
    let isPlain: Bool
    /// −1 while dialling.
    var descriptor: Int32 = -1

    init(handle: UnsafeMutableRawPointer, lot: Int, isPlain: Bool) {
        self.handle = handle
        self.lot = lot
        self.isPlain = isPlain
    }

    /// How many of the bytes went out.
    @inline(__always)
    package func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        if isPlain {
            return Self.transfer(
                Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)))
        }
        var count = 0
        switch curl_easy_send(handle, bytes.baseAddress, bytes.count, &count) {
        case CURLE_OK: return .bytes(count)
        case CURLE_AGAIN: return .wouldBlock
        default: return .closed
        }
    }

    @inline(__always)
    package func receive(into room: UnsafeMutableRawBufferPointer) -> Transfer {
        if isPlain {
            let count = recv(descriptor, room.baseAddress, room.count, 0)
            return count == 0 ? .closed : Self.transfer(count)
        }
        var count = 0
        switch curl_easy_recv(handle, room.baseAddress, room.count, &count) {
        case CURLE_OK: return count == 0 ? .closed : .bytes(count)
        case CURLE_AGAIN: return .wouldBlock
        default: return .closed
        }
    }

    @inline(__always)
    private static func transfer(_ result: Int) -> Transfer {
        if result >= 0 { return .bytes(result) }
        return errno == EAGAIN || errno == EINTR ? .wouldBlock : .closed
    }

    /// The peer's IP address, also of a dial that failed after the name was known.
    package var remoteAddress: String { lc_easy_remote_address(handle).map { String(cString: $0) } ?? "" }

    /// Where a dial that is given up was stuck.
    package var dialStage: DialFailure.Stage { DialFailure.stage(reachedBy: handle) }
}
