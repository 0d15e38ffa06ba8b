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
    let way: Way
    /// −1 while dialling.
    var descriptor: Int32 = -1
    /// OpenSSL's, once connected; nil: through libcurl.
    var session: UnsafeMutableRawPointer?

    /// How bytes get to the socket: past libcurl where that can be, for it looks a handle's connection up among all
    /// that its multi handle has, one by one, for each call.
    enum Way {
        /// Without TLS.
        case socket
        /// By OpenSSL.
        case session
        /// TLS by way of a proxy's TLS, or where libcurl is to keep sessions for later connections.
        case libcurl
    }

    init(handle: UnsafeMutableRawPointer, lot: Int, way: Way) {
        self.handle = handle
        self.lot = lot
        self.way = way
    }

    /// Connected. False if the peer has closed already, or speaks before it is asked.
    mutating func open(_ descriptor: Int32) -> Bool {
        self.descriptor = descriptor
        guard way == .session else { return true }
        // libcurl tells the session of a handle only once it has been used.
        var byte: UInt8 = 0
        var count = 0
        guard curl_easy_recv(handle, &byte, 1, &count) == CURLE_AGAIN else { return false }
        session = lc_easy_take_session(handle, descriptor)
        return true
    }

    /// How many of the bytes went out.
    @inline(__always)
    package func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        if way == .socket {
            return Self.transfer(
                Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)))
        }
        if let session {
            return Self.transfer(session: lc_session_send(session, bytes.baseAddress, bytes.count))
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
        if way == .socket {
            let count = recv(descriptor, room.baseAddress, room.count, 0)
            return count == 0 ? .closed : Self.transfer(count)
        }
        if let session {
            return Self.transfer(session: lc_session_receive(session, room.baseAddress, room.count))
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

    @inline(__always)
    private static func transfer(session result: Int) -> Transfer {
        result > 0 ? .bytes(result) : result < 0 ? .wouldBlock : .closed
    }

    /// The peer's IP address, also of a dial that failed after the name was known.
    package var remoteAddress: String { lc_easy_remote_address(handle).map { String(cString: $0) } ?? "" }

    /// Where a dial that is given up was stuck.
    package var dialStage: DialFailure.Stage { DialFailure.stage(reachedBy: handle) }
}
