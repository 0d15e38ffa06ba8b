import FlyingSocks
import Foundation

/// Sets TCP_NODELAY on the listening socket, from which Linux copies it to accepted ones.
///
/// The server writes head and body apart; without this each kept-alive answer waits 44 ms for the peer's
/// delayed ACK.
struct NoDelayPool<Pool: AsyncSocketPool>: AsyncSocketPool {
    let base: Pool

    func prepare() async throws { try await base.prepare() }
    func run() async throws { try await base.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        if events == .read {
            let option = BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY)
            // Refused on a UNIX socket, which does not delay anyway.
            try? socket.setValue(true, for: option)
        }
        try await base.suspendSocket(socket, untilReadyFor: events)
    }
}
