import Foundation
import Spawn

/// An HTTP/2 server by TLS that answers some requests of each connection, and refuses the next with GOAWAY, as Node does
/// after too many resets: a script of Python's own, as nginx says GOAWAY only where nothing is lost.
package final class LeavingServer: @unchecked Sendable {
    // Thread safety: nothing changes after init.

    package let port: Int
    /// PEM file of the authority that vouches for it.
    package let authority: String
    private let folder: String
    private let process: Child

    /// - Parameter answers: how many requests of a connection are answered.
    package init(after answers: Int, name: String = "target.test") throws {
        folder = NSTemporaryDirectory() + "loadchaos-leaving-\(UUID().uuidString)"
        authority = "\(folder)/certificate.pem"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try TLSFront.makeCertificate(authority, key: "\(folder)/key.pem", for: name)
        process = try .companion(["python3", "-c", Self.script, folder, String(answers)], isHeard: true)
        var line: [UInt8] = []
        while !line.contains(0x0A), process.ending() == nil {
            process.pause()
            process.drain { line += $0 }
        }
        guard
            let port = Int(
                String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        else {
            throw TLSFront.NoStart(words: "the leaving server does not listen")
        }
        self.port = port
    }

    deinit {
        process.signal(SIGKILL)
        process.wait()
        // A folder left behind in the temporary one is no failure of a test.
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Frames as RFC 9113 §4.1 has them; a status of 200 is one byte of HPACK.
    private static let script = """
        import socket, ssl, struct, sys, threading
        folder, answers = sys.argv[1], int(sys.argv[2])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/certificate.pem", folder + "/key.pem")
        context.set_alpn_protocols(["h2"])

        def frame(kind, flags, stream, payload=b""):
            return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload

        def serve(plain):
            try:
                with context.wrap_socket(plain, server_side=True) as tls, tls.makefile("rb") as source:
                    source.read(24)
                    tls.sendall(frame(4, 0, 0))
                    answered = last = 0
                    while head := source.read(9):
                        kind, stream = head[3], struct.unpack(">I", head[5:])[0]
                        source.read(int.from_bytes(head[:3], "big"))
                        if kind == 4 and not head[4] & 1:
                            tls.sendall(frame(4, 1, 0))
                        if kind != 1:
                            continue
                        if answered == answers:
                            tls.sendall(frame(7, 0, 0, struct.pack(">II", last, 11)))
                            # Who closes with something unread resets, and GOAWAY may be lost by that.
                            tls.shutdown(socket.SHUT_WR)
                            while tls.recv(65536):
                                pass
                            return
                        answered, last = answered + 1, stream
                        tls.sendall(frame(1, 4, stream, bytes([0x88])) + frame(0, 1, stream, b"ok"))
            except OSError:
                pass

        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        """
}
