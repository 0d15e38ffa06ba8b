import AWS
import Chaos
import Foundation
import Plan
import TestKit
import Testing

/// What the keys may do is asked without doing it.
@Suite struct PermissionProbeTests {
    private static let actions = Set(
        FaultDescription.all.flatMap(\.permissions) + PermissionProbe.watching + PermissionProbe.probing)
    /// No call of theirs changes nothing.
    private static let unaskable: Set = [
        "ecs:RegisterTaskDefinition", "ec2:DeleteNetworkAcl", "iam:PassRole",
    ]
    private static let writes: Set = [
        "ecs:StopTask", "ecs:UpdateService", "ecs:TagResource", "ecs:UntagResource", "ecs:RunTask",
        "ecs:DeregisterTaskDefinition", "application-autoscaling:RegisterScalableTarget",
        "rds:RebootDBInstance",
        "ssm:SendCommand", "ssm:CancelCommand", "fis:StartExperiment", "ec2:CreateNetworkAcl",
        "ec2:CreateTags",
        "ec2:ReplaceNetworkAclAssociation", "ec2:DeleteTags", "ec2:DeleteRoute", "ec2:CreateRoute",
    ]

    private let cloud = ScriptedAWSCloud()
    private let server: ScriptedAWS

    init() throws { server = try cloud.start() }

    /// Of an account whose policy allows all but these actions, by the names of calls. FIS's have paths instead.
    private func probe(denying denied: Set<String> = []) throws -> PermissionProbe {
        cloud.answer { request in
            let action = request.action.isEmpty ? Self.experimentAction(request) : request.action
            if denied.contains(action) {
                return .status(400, #"{"__type":"AccessDeniedException","message":"no"}"#)
            }
            return request.form["DryRun"] == "true" ? ScriptedAWSCloud.ec2Error("DryRunOperation") : nil
        }
        let system = try #require(Stage.plan([]).system)
        let platform = AWSPlatform(
            configuration: AWSConfiguration(
                region: system.region, endpoints: Endpoints(all: server.url), credentials: Credentials.lab,
                pause: { _ in }))
        let identity = STS.CallerIdentity(account: "123456789012", arn: "arn:aws:sts::123456789012:user/me")
        return PermissionProbe(platform: platform, system: system, identity: identity)
    }

    private static func experimentAction(_ request: ScriptedAWS.Request) -> String {
        switch (request.method, request.path) {
        case ("GET", "/experimentTemplates"): "ListExperimentTemplates"
        case ("POST", _): "StartExperiment"
        case (_, let path) where path.hasSuffix("/resolvedTargets"): "ListExperimentResolvedTargets"
        default: "GetExperiment"
        }
    }

    @Test(arguments: actions.subtracting(unaskable).sorted())
    func `an action that the policy lacks is named`(action: String) async throws {
        // A list that is made is tagged by the same call.
        let asked = action == "ec2:CreateTags" ? "ec2:CreateNetworkAcl" : action
        let call = String(asked.split(separator: ":")[1])
        let probe = try probe(denying: [call])
        let answer = await probe.answer(action)
        guard case .refused(let words) = answer else {
            Issue.record("\(action): \(answer)")
            return
        }
        #expect(words.contains("AccessDeniedException: no; allow \(asked);"), "\(words)")
    }

    @Test func `what cannot be asked is unknown, and why`() async throws {
        let probe = try probe()
        for action in Self.unaskable.union(["s3:PutObject"]) {
            guard case .unknown = await probe.answer(action) else {
                Issue.record("\(action) cannot be known")
                return
            }
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `no question changes anything`() async throws {
        let probe = try probe()
        let before = cloud.now
        for action in Self.actions.subtracting(Self.unaskable) { _ = await probe.answer(action) }
        let after = cloud.now
        #expect(after.acls == before.acls && after.desired == before.desired)
        #expect(after.tasks.map(\.desiredStatus) == before.tasks.map(\.desiredStatus))
        #expect(after.serviceTags == before.serviceTags && after.scalableTargets.isEmpty)
        #expect(after.subnets.mapValues(\.acl) == before.subnets.mapValues(\.acl))
        #expect(after.commands.filter { $0.instances.contains { !$0.hasPrefix("mi-000") } }.isEmpty)
        // Every write is a rehearsal, or of something that is not there.
        let names = Set(Self.writes.map { $0.split(separator: ":")[1] })
        for request in server.requests where names.contains(Substring(request.action)) {
            let body = String(decoding: request.body, as: UTF8.self)
            let isHarmless = ["DryRun=true", "loadchaos-doctor", "00000000"].contains { body.contains($0) }
            #expect(isHarmless, "\(body)")
        }
    }

    @Test func `an allowed read is allowed, and an answer that tells nothing is unknown`() async throws {
        let probe = try probe()
        #expect(await probe.answer("ecs:ListTasks") == .allowed)
        #expect(await probe.answer("ec2:DeleteRoute") == .allowed)
        cloud.answer { _ in .status(400, #"{"__type":"ExpiredTokenException","message":"no"}"#) }
        guard case .unknown(let words) = await probe.answer("ecs:ListTasks") else {
            Issue.record("keys that have ended say nothing of their policy")
            return
        }
        #expect(words.contains("ExpiredTokenException"))
    }
}
