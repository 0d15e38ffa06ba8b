import Foundation
import Testing

@testable import Lab

/// What the parts are told, as text.
@Suite struct MachineConfigurationTests {
    @Test func `the balancer's checks run on the scenario clock and its connections do not`() {
        let text = BalancerConfiguration(listener: 7, socket: "/s/alb.sock", speed: 6).text
        let lines = text.split(separator: "\n").map(String.init)
        #expect(
            text.contains(
                "    bind fd@7\n    use_backend web if { nbsrv(web) gt 0 }\n    default_backend open\n"))
        #expect(lines.contains("    timeout connect 10s"))
        #expect(lines.contains("    timeout server 60s"))
        #expect(lines.contains("    server s1 127.0.0.1:1 track checks/s1 disabled"))
        let checks = lines.drop { $0 != "backend checks" }
        #expect(
            Array(checks.prefix(6)) == [
                "backend checks",
                "    option httpchk GET /nginx-health",
                "    http-check expect status 200",
                "    timeout connect 833ms",
                "    timeout check 833ms",
                "    server s1 127.0.0.1:1 check inter 5000ms fastinter 4167ms fall 3 rise 2 disabled",
            ])
        #expect(checks.filter { $0.contains("server s") }.count == BalancerConfiguration.slots.count)
    }

    @Test(arguments: [1.0, 6, 10, 60])
    func `a zone that drops packets is found out in 65 to 95 s of the scenario clock`(speed: Double) throws {
        let text = BalancerConfiguration(listener: 3, socket: "/s", speed: speed).text
        func setting(_ word: String) throws -> Double {
            let match = try #require(
                text.firstMatch(of: try Regex("\(word) ([0-9]+)ms", as: (Substring, Substring).self)))
            return try #require(Double(match.output.1)) * speed / 1000
        }
        let (inter, fast, timeout) = (
            try setting("inter"), try setting("fastinter"), try setting("timeout check")
        )
        // The first failing check starts 0 to `inter` after the fault; each takes its timeout, the next
        // starts after fastinter.
        let soonest = timeout + 2 * (fast + timeout)
        #expect(abs(soonest - 65) < 0.2 && abs(soonest + inter - 95) < 0.2)
    }

    @Test func `without checks nobody is tracked, and a registered target counts as healthy`() {
        let text = BalancerConfiguration(listener: 7, socket: "/s", speed: 1, checks: false).text
        #expect(text.contains("    server s1 127.0.0.1:1 disabled"))
        #expect(!text.contains("track") && !text.contains(" check inter"))
    }

    @Test func `a port is blackholed for all but the task itself, in one transaction with what was before`() {
        let clear = "table inet impairments {}\ndelete table inet impairments\n"
        #expect(Impairments.rules([]) == clear)
        #expect(
            Impairments.rules([.cpu(percent: 100, workers: 1), .delay(milliseconds: 5, jitter: 0)]) == clear)
        #expect(
            Impairments.rules([
                .blackhole(BlackholePort(port: 80)), .loss(percent: 7),
                .blackhole(BlackholePort(port: 53, transport: .udp, direction: .egress)),
            ])
                == clear + """
                    table inet impairments {
                        chain input {
                            type filter hook input priority -200; policy accept;
                            iifname != "lo" tcp dport 80 counter drop
                        }
                        chain output {
                            type filter hook output priority -200; policy accept;
                            oifname != "lo" numgen random mod 100 < 7 counter drop
                            oifname != "lo" udp dport 53 counter drop
                        }
                    }

                    """)
    }

    @Test func `packets wait for the longest of the delays`() {
        #expect(Impairments.delay([.loss(percent: 5)]) == nil)
        let longest = PacketDelay.Amount(milliseconds: 200, jitter: 10)
        #expect(
            Impairments.delay([.delay(milliseconds: 50, jitter: 0), .delay(milliseconds: 200, jitter: 10)])
                == longest)
        #expect(longest.netem == ["delay", "200ms", "10ms"])
        #expect(PacketDelay.Amount(milliseconds: 50, jitter: 0).netem == ["delay", "50ms"])
    }

    @Test func `a new target waits for its checks before it gets requests`() {
        #expect(
            Balancer.registration(slot: "s2", address: "10.0.11.20", port: 80) == [
                "set server checks/s2 addr 10.0.11.20 port 80",
                "set server open/s2 addr 10.0.11.20 port 80",
                "set server web/s2 addr 10.0.11.20 port 80",
                "set server checks/s2 state ready",
                "set server checks/s2 health down",
                "set server open/s2 state ready",
                "set server web/s2 state ready",
            ])
    }

    private func sidecar(_ service: String, _ mode: LabMode) -> Sidecar {
        Sidecar(
            service: service, local: Addressing(mode: mode).local(to: "10.0.11.20"), socket: "/s/x.sock",
            addressing: Addressing(mode: mode), databaseZone: "ap-south-1b")
    }

    @Test func `Flask reaches Redis and the database through its sidecar`() {
        let text = sidecar("flask-app", .root).text
        #expect(text.contains("    bind 127.0.0.1:6379\n    default_backend redis\n"))
        #expect(
            text.contains(
                "    bind 127.0.0.1:5432 tcp-ut 2s\n    server ap-south-1a 10.0.21.10:5432 tcp-ut 2s disabled\n"
                    + "    server ap-south-1b 10.0.22.10:5432 tcp-ut 2s\n")
        )
        #expect(text.contains("    tcp-check send PING\\r\\n\n    tcp-check expect string +PONG\n"))
    }

    @Test func `on loopback each sidecar has the task's own address, 20000 ports higher`() {
        #expect(sidecar("nginx", .loopback).text.contains("    bind 127.0.11.20:25000\n"))
        #expect(sidecar("flask-app", .loopback).text.contains("server ap-south-1b 127.0.22.10:25432 "))
    }

    @Test func `a task is added to a sidecar as down, and gets requests after its first check`() {
        let id = TaskID("0123456789abcdef0123456789abcdef")
        #expect(
            sidecar("nginx", .root).adding(id, at: "10.0.12.21", .flask) == [
                "add server flask-app/t-0123456789ab 10.0.12.21:5000 check inter 2s fastinter 500ms downinter 300ms fall 2 rise 1 "
                    + "on-marked-down shutdown-sessions",
                "enable health flask-app/t-0123456789ab", "enable server flask-app/t-0123456789ab",
                "set server flask-app/t-0123456789ab health down",
            ])
        #expect(Sidecar.removing(id, .flask).last == "del server flask-app/t-0123456789ab")
    }

    @Test func `every place in nginx's template is filled in`() throws {
        let template = try String(contentsOfFile: Repository.path("stack/nginx/nginx.conf"), encoding: .utf8)
        let text = NginxConfiguration.text(
            template: template, run: "/run/x", listen: "0.0.0.0:80", flask: "127.0.0.1:5000",
            ownNamespace: true)
        let code = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(!code.contains { $0.contains("@") })
        #expect(text.contains("daemon off; user root root;\npid /run/x/nginx.pid;"))
        #expect(text.contains("        server 127.0.0.1:5000;\n"))
        #expect(text.contains("        listen 0.0.0.0:80 backlog=1024;\n"))
    }

    @Test func `each subnet is a bridge that holds its gateway's address`() {
        #expect(
            Network.bridges.hasPrefix(
                "link add br1 type bridge forward_delay 0\naddr add 10.0.1.1/24 dev br1\nlink set br1 up\n"))
        #expect(Network.bridges.split(separator: "\n").count == 3 * 6 + 1)
    }

    @Test func `the API's front door refuses bodies over a megabyte`() {
        let text = APIProxyConfiguration(listener: 9, upstream: "/s/api.sock").text
        #expect(text.contains("    bind fd@9\n"))
        #expect(text.contains("deny_status 413 if { req.hdr_val(content-length) gt 1048576 }"))
        #expect(text.contains("    server lab unix@/s/api.sock\n"))
    }
}
