import AWS
import Chaos
import Foundation
import Plan

/// Whether these keys could carry the runs out.
struct DoctorAWS {
    var subject: DoctorSubject

    /// Says what it finds as it finds it; where one thing is missing that the next needs, it stops.
    func look(_ say: ([DoctorFinding]) -> Void) async {
        let platform: AWSPlatform
        let keys: Credentials
        do {
            platform = AWSPlatform(
                configuration: try .fromEnvironment(
                    ProcessInfo.processInfo.environment, region: subject.system.region))
            keys = try await platform.configuration.credentials.credentials()
        } catch {
            return say([.missing("keys", "\(error)")])
        }
        let endpoint = platform.configuration.endpoints.description
        say([.ok("region", "\(subject.system.region), at \(endpoint)"), Self.finding(of: keys, platform)])
        let identity: STS.CallerIdentity
        do { identity = try await platform.sts.getCallerIdentity() } catch {
            return say([.missing("identity", "\(error)")])
        }
        say([.ok("identity", identity.arn), guardFinding(identity, platform)])
        if let offset = platform.clockOffset.estimate { say([Self.finding(of: offset)]) }
        let probe = PermissionProbe(platform: platform, system: subject.system, identity: identity)
        for action in subject.actions { say([Self.finding(action, await probe.answer(action))]) }
    }

    private static func finding(of keys: Credentials, _ platform: AWSPlatform) -> DoctorFinding {
        let name = "keys"
        guard let end = keys.expiration, !keys.renews else {
            return .ok(name, "from \(keys.source)\(keys.renews ? ", renewed before they end" : "")")
        }
        let left = Int(end - platform.configuration.wallClock())
        return left <= 0
            ? .missing(name, "from \(keys.source), ended \(-left) s ago: get new ones")
            : .ok(
                name, "from \(keys.source), they end in \(left / 60) min: a run that lasts longer is refused")
    }

    private func guardFinding(_ identity: STS.CallerIdentity, _ platform: AWSPlatform) -> DoctorFinding {
        let name = "guard"
        guard let account = subject.system.guardrail.account else {
            return platform.isLoopback
                ? .ok(name, "names no account; this endpoint is on this machine")
                : .unknown(
                    name, "names no account: add `account \(identity.account)`, and no other can be struck")
        }
        return subject.system.guardrail.objection(toAccount: identity.account).map { .missing(name, $0) }
            ?? .ok(name, "account \(account)")
    }

    /// AWS refuses what was signed more than five minutes off its own time.
    private static func finding(of offset: ClockOffset.Estimate) -> DoctorFinding {
        let name = "clock"
        let words = String(
            format: "AWS's is %+.1f s from this machine's, give or take %.1f s", offset.seconds,
            offset.uncertainty)
        return abs(offset.seconds) - offset.uncertainty > 60
            ? .missing(name, "\(words): set it, five minutes are the end of every signature")
            : .ok(name, words)
    }

    private static func finding(_ action: String, _ answer: PermissionProbe.Answer) -> DoctorFinding {
        switch answer {
        case .allowed: .ok(action, "allowed")
        case .refused(let words): .missing(action, words)
        case .unknown(let words): .unknown(action, words)
        }
    }
}
