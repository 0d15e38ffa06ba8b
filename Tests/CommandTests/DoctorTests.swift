import Foundation
import TestKit
import Testing

/// `loadchaos doctor`, against an account on this machine.
@Suite struct DoctorTests {
    private let shop: ShopCommand
    private var command: Command { shop.command }
    private var cloud: ScriptedAWSCloud { shop.cloud }

    init() throws { shop = try ShopCommand(accessKey: "AKIA", secretKey: "secret") }

    private func doctor(_ words: String..., environment: [String: String] = [:]) throws -> Command.Ending {
        try command.run(["doctor"] + words, environment: shop.environment.merging(environment) { $1 })
    }

    private func line(_ name: String, in ending: Command.Ending) -> String? {
        ending.output.split(separator: "\n").map(String.init).first {
            $0.split(separator: " ").dropFirst().first == name[...]
        }
    }

    @Test func `this machine has what a lab is made of`() throws {
        defer { try? command.remove() }  // The system's own sweep has what is left.
        let ending = try doctor()
        #expect(ending.status == 0, "\(ending)")
        for part in ["haproxy", "nginx", "redis-server", "PostgreSQL", "isolation"] {
            #expect(try #require(line(part, in: ending)).hasPrefix("ok"), "\(part)")
        }
    }

    @Test func `a part that is missing is named, with the command that brings it`() throws {
        defer { try? command.remove() }  // The system's own sweep has what is left.
        let ending = try doctor(environment: ["LOADCHAOS_VENV": command.folder.path])
        #expect(ending.status == 69)
        #expect(try #require(line("gunicorn", in: ending)).hasPrefix("missing"))
        #expect(ending.output.contains("scripts/install-parts"))
    }

    @Test func `keys, clock, signature and the policy of a scenario's faults are looked at`() throws {
        defer { try? command.remove() }  // The system's own sweep has what is left.
        cloud.answer { $0.form["DryRun"] == "true" ? ScriptedAWSCloud.ec2Error("DryRunOperation") : nil }
        let ending = try doctor("zone.scn", "--on", "aws")
        #expect(ending.status == 0, "\(ending)")
        for name in [
            "signature", "keys", "identity", "ec2:CreateNetworkAcl", "ec2:ReplaceNetworkAclAssociation",
        ] {
            #expect(try #require(line(name, in: ending)).hasPrefix("ok"), "\(ending.output)")
        }
        #expect(try #require(line("ec2:DeleteNetworkAcl", in: ending)).hasPrefix("unknown"))
        #expect(line("rds:RebootDBInstance", in: ending) == nil, "the scenario does not need it")
    }

    @Test func `an action that is not allowed is named, and ends with 69`() throws {
        defer { try? command.remove() }  // The system's own sweep has what is left.
        cloud.answer { request in
            request.action == "RebootDBInstance"
                ? .status(403, #"{"__type":"AccessDenied","message":"not authorized"}"#) : nil
        }
        let ending = try doctor("shop.system", "--on", "aws")
        #expect(ending.status == 69, "\(ending)")
        #expect(
            try #require(line("rds:RebootDBInstance", in: ending))
                .contains("not authorized; allow rds:RebootDBInstance; docs/aws.md has the policy"))
    }

    @Test func `keys that have ended are named`() throws {
        defer { try? command.remove() }  // The system's own sweep has what is left.
        let ending = try doctor(
            "shop.system", "--on", "aws", environment: ["AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z"])
        #expect(ending.status == 69)
        #expect(try #require(line("keys", in: ending)).hasPrefix("missing"))
    }

    @Test func `a file goes with AWS, and AWS with a file`() throws {
        defer { try? command.remove() }  // The system's own sweep has what is left.
        #expect(try doctor("--on", "aws").status == 64)
        #expect(try doctor("shop.system").status == 64)
        #expect(try doctor("nothing.system", "--on", "aws").status == 65)
        #expect(shop.server.requests.isEmpty)
    }
}
