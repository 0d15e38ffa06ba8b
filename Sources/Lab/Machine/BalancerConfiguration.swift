/// The HAProxy configuration of one node of the load balancer: the document's ALB.
///
/// Health is found out in the backend `checks`, which has timeouts of its own; the servers of `web` track it.
/// HAProxy
/// cannot let dynamic servers track each other, so targets get one of a fixed number of slots.
struct BalancerConfiguration: Sendable {
    static let slots = (1...24).map { "s\($0)" }

    /// The listening socket made outside, by its fd.
    var listener: Int32
    var socket: String
    /// How many times faster than the scenario's clock the balancer's windows run.
    var speed: Double
    /// Where it takes HTTPS, and the file with its certificate and key.
    var tls: (listener: Int32, certificate: String)?

    private var tlsBind: String {
        // The ciphers and versions of the policy that DescribeListeners names: TLS 1.2 and 1.3.
        tls.map {
            "\n    bind fd@\($0.listener) ssl crt \($0.certificate) ssl-min-ver TLSv1.2 alpn h2,http/1.1"
        } ?? ""
    }
    /// False: nobody is checked, and every registered target counts as healthy (flaw `no-health-checks`).
    var checks = true

    var text: String {
        """
        global
            stats socket unix@\(socket) mode 600 level admin
            nbthread 1
            maxconn 4000

        defaults
            mode http
            retries 0
            http-reuse always
            option forwardfor
            timeout http-request 60s
            timeout client 60s
            timeout http-keep-alive 60s
            timeout connect 10s
            timeout server 60s

        frontend http
            bind fd@\(listener)\(tlsBind)
            use_backend web if { nbsrv(web) gt 0 }
            default_backend open
            http-request set-header X-Forwarded-Proto https if { ssl_fc }
            http-request set-header X-Forwarded-Proto http unless { ssl_fc }

        # The targets the checks find healthy.
        backend web
            balance roundrobin
        \(servers { checks ? "track checks/\($0) disabled" : "disabled" })

        # No healthy target at all: every registered one gets its share (an ALB fails open).
        backend open
            balance roundrobin
        \(servers { _ in "disabled" })

        # GET /nginx-health every 30 s, 5 s to answer; 3 failures and it is out, 2 successes and it is back. A check
        # that timed out counts within its interval, hence 25 s after one: fastinter runs from the end of a check.
        backend checks
            option httpchk GET /nginx-health
            http-check expect status 200
            timeout connect \(milliseconds(5))
            timeout check \(milliseconds(5))
        \(servers { _ in
            checks
                ? "check inter \(milliseconds(30)) fastinter \(milliseconds(25)) fall 3 rise 2 disabled" : "disabled"
        })

        """
    }

    private func milliseconds(_ seconds: Double) -> String { "\(Int((seconds / speed * 1000).rounded()))ms" }

    private func servers(_ options: (String) -> String) -> String {
        Self.slots.map { "    server \($0) 127.0.0.1:1 \(options($0))" }.joined(separator: "\n")
    }
}

/// The HAProxy that stands before the lab's API: it takes what clients send in any shape, and passes on what
/// is HTTP.
struct APIProxyConfiguration: Sendable {
    var listener: Int32
    var upstream: String

    var text: String {
        """
        global
            nbthread 1
            maxconn 500

        defaults
            mode http
            retries 0
            timeout http-request 10s
            timeout client 60s
            timeout http-keep-alive 60s
            timeout connect 2s
            timeout server 60s

        frontend api
            bind fd@\(listener)
            http-request deny deny_status 413 if { req.hdr_val(content-length) gt 1048576 }
            default_backend api

        backend api
            server lab unix@\(upstream)

        """
    }
}
