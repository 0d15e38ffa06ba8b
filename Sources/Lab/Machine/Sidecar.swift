/// Service Connect: the HAProxy beside each task, through which the task calls other services by a local
/// address.
struct Sidecar: Sendable {
    /// A service that tasks call, and how its servers are checked.
    struct Upstream: Hashable, Sendable {
        var service: String
        var port: Int

        static let flask = Upstream(service: "flask-app", port: 5000)
        static let redis = Upstream(service: "redis", port: 6379)
    }

    /// Which services a service's tasks call; nil has no sidecar. The database is not ECS's: see
    /// `usesDatabase`.
    static func upstreams(of service: String) -> [Upstream]? {
        switch service {
        case "nginx": [.flask]
        case "flask-app": [.redis]
        default: nil
        }
    }

    /// Whether other services' sidecars know its tasks.
    static func isCalled(_ service: String) -> Bool {
        [Upstream.flask, .redis].contains { $0.service == service }
    }

    static func usesDatabase(_ service: String) -> Bool { service == "flask-app" }

    var service: String
    /// The address the task's own calls go to.
    var local: String
    var socket: String
    var addressing: Addressing
    /// Where the database's endpoint leads.
    var databaseZone: String

    var text: String {
        var sections = [
            """
            global
                stats socket unix@\(socket) mode 600 level admin
                nbthread 1
                maxconn 1000

            defaults
                retries 2
                option redispatch 1
                timeout connect 1s
                timeout check 1s
                timeout client 75s
                timeout server 10s
                timeout http-keep-alive 75s

            """
        ]
        for upstream in Self.upstreams(of: service) ?? [] { sections.append(section(upstream)) }
        if Self.usesDatabase(service) {
            sections.append(
                DatabaseEndpoint(addressing: addressing).listener(at: local, leadingTo: databaseZone))
        }
        return sections.joined(separator: "\n")
    }

    private func section(_ upstream: Upstream) -> String {
        let name = upstream.service
        let bind = "\(local):\(addressing.port(upstream.port))"
        return upstream == .flask
            ? """
            frontend \(name)
                mode http
                bind \(bind)
                default_backend \(name)

            backend \(name)
                mode http
                balance leastconn
                http-reuse always
                option httpchk GET /health
                http-check expect status 200

            """
            : """
            frontend \(name)
                mode tcp
                timeout client 1h
                bind \(bind)
                default_backend \(name)

            backend \(name)
                mode tcp
                timeout server 1h
                option tcp-check
                tcp-check connect
                tcp-check send PING\\r\\n
                tcp-check expect string +PONG

            """
    }

    /// The name a task has as a server; short, since it stands in each log line.
    static func serverName(_ id: TaskID) -> String { "t-" + id.description.prefix(12) }

    /// Makes a task known; it gets requests when its first check has passed.
    func adding(_ id: TaskID, at address: String, _ upstream: Upstream) -> [String] {
        let server = "\(upstream.service)/\(Self.serverName(id))"
        let place = "\(addressing.address(address)):\(addressing.port(upstream.port))"
        return [
            "add server \(server) \(place) check inter 2s fastinter 500ms downinter 300ms fall 2 rise 1 "
                + "on-marked-down shutdown-sessions",
            "enable health \(server)", "enable server \(server)", "set server \(server) health down",
        ]
    }

    /// No new requests; what is under way goes on. Not `maint`: with `on-marked-down` that would cut it.
    static func leaving(_ id: TaskID, _ upstream: Upstream) -> [String] {
        ["set server \(upstream.service)/\(serverName(id)) state drain"]
    }

    static func removing(_ id: TaskID, _ upstream: Upstream) -> [String] {
        let server = "\(upstream.service)/\(serverName(id))"
        return [
            "set server \(server) state maint", "shutdown sessions server \(server)", "del server \(server)",
        ]
    }
}
