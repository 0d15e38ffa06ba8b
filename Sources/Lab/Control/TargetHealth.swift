/// A target's health in elbv2's words.
struct TargetHealth: Hashable, Sendable {
    let address: String
    let port: Int
    let zone: String
    let state: String
    let reason: String?

    init(_ target: BalancerTarget, _ reading: TargetReading?) {
        address = target.address
        port = target.port
        zone = target.zone
        if target.drainingSince != nil {
            state = "draining"
            reason = "Target.DeregistrationInProgress"
        } else if let reading, reading.state != .draining {
            state = reading.state.rawValue
            reason = reading.state == .healthy ? nil : reading.reason ?? Self.unsaid(reading.state)
        } else {
            state = "initial"
            reason = "Elb.RegistrationInProgress"
        }
    }

    private static func unsaid(_ state: TargetReading.State) -> String {
        state == .initial ? "Elb.InitialHealthChecking" : "Target.FailedHealthChecks"
    }
}

/// The descriptions that go with elbv2's reason codes.
enum TargetReason {
    static func words(_ code: String) -> String {
        switch code {
        case "Elb.RegistrationInProgress": "Target registration is in progress"
        case "Elb.InitialHealthChecking": "Initial health checks in progress"
        case "Target.Timeout": "Request timed out"
        case "Target.FailedHealthChecks": "Health checks failed"
        case "Target.ResponseCodeMismatch": "Health checks failed with these codes"
        case "Target.DeregistrationInProgress": "Target deregistration is in progress"
        case "Target.NotRegistered": "Target is not registered to the target group"
        default: code
        }
    }
}
