import Foundation
import Spawn

/// nginx in front of a target of this machine: by TLS, with HTTP/2 or without, and plainly on a Unix socket. The target
/// is told in `X-Peer` where a connection came from, and in `X-Resumed` whether it took up an earlier session (`r`, else `.`).
package final class TLSFront: @unchecked Sendable {
    // Thread safety: nothing changes after init.

    package let port: Int
    /// PEM file of the authority that vouches for it; also a certificate that it takes from a client, with `key`.
    package let authority: String
    package let key: String
    package let unixSocket: String
    private let folder: String
    private let process: Child

    package struct NoStart: Error {
        package var words: String
    }

    /// - Parameter streams: requests that may be open at once on one connection.
    package init(
        of target: Int, name: String = "target.test", speaksHTTP2: Bool = true, streams: Int = 128,
        asksWho: Bool = false
    ) throws {
        let folder = NSTemporaryDirectory() + "loadchaos-front-\(UUID().uuidString)"
        self.folder = folder
        (authority, key) = ("\(folder)/certificate.pem", "\(folder)/key.pem")
        unixSocket = "\(folder)/socket"
        port = try Self.freePort()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.makeCertificate(authority, key: key, for: name)
        let configuration = """
            daemon off; worker_processes 1; pid \(folder)/pid; error_log \(folder)/error.log crit;
            events { worker_connections 4096; }
            http {
                access_log off; keepalive_timeout 600s; keepalive_requests 1000000;
                \(["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/\($0);" }
                    .joined(separator: " "))
                upstream target { server 127.0.0.1:\(target); keepalive 64; }
                server {
                    listen 127.0.0.1:\(port) ssl\(speaksHTTP2 ? " http2" : "");
                    listen unix:\(unixSocket);
                    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:sessions:1m;
                    http2_max_concurrent_streams \(streams);
                    ssl_certificate \(authority); ssl_certificate_key \(key);
                    \(asksWho ? "ssl_client_certificate \(authority); ssl_verify_client on;" : "")
                    location / {
                        proxy_pass http://target; proxy_http_version 1.1; proxy_set_header Connection "";
                        proxy_set_header Host $http_host; proxy_set_header X-Peer $remote_addr;
                        proxy_set_header X-Resumed $ssl_session_reused;
                        proxy_next_upstream off;
                    }
                }
            }
            """
        try configuration.write(toFile: "\(folder)/nginx.conf", atomically: true, encoding: .utf8)
        process = try .companion(["nginx", "-p", folder, "-c", "\(folder)/nginx.conf"])
        for _ in 0..<1000 where !isListening { usleep(10_000) }
        guard isListening else { throw NoStart(words: "nginx does not listen: see scripts/install-parts") }
    }

    /// It closes what is open.
    package func stop() {
        guard process.ending() == nil else { return }
        process.signal(SIGTERM)
        process.wait()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private var isListening: Bool {
        guard process.ending() == nil, let probe = LoopbackListener.connected(to: "127.0.0.1", port: port)
        else {
            return false
        }
        close(probe)
        return true
    }

    private static func freePort() throws -> Int {
        let (socket, port) = try LoopbackListener.listening(
            on: "127.0.0.1", port: 0, isBlocking: true, backlog: 1)
        close(socket)
        return port
    }

    /// One that vouches for itself, for a day.
    static func makeCertificate(_ certificate: String, key: String, for name: String) throws {
        try run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "1", "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", key,
            "-out", certificate,
        ])
    }

    private static func run(_ command: [String]) throws {
        let code = try Child(unheard: .found(command)).wait()
        guard code == 0 else { throw NoStart(words: "\(command[0]) ended with \(code)") }
    }
}
