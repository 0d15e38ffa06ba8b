/// What Application Auto Scaling may scale: the desired count of one service, between two limits.
struct ScalableTarget: Hashable, Sendable {
    var service: String
    var minimum: Int
    var maximum: Int
    var isScaleInSuspended = false
    var isScaleOutSuspended = false
    var isScheduledSuspended = false
    let key: String
    let createdAt: Duration
}

/// A step-scaling policy: what an alarm does to the desired count.
struct StepScalingPolicy: Hashable, Sendable {
    enum Adjustment: String, CaseIterable, Sendable {
        case change = "ChangeInCapacity"
        case percent = "PercentChangeInCapacity"
        case exact = "ExactCapacity"
    }

    struct Step: Hashable, Sendable {
        /// Distance of the metric from the alarm's threshold; nil: without bound.
        var lower: Double?
        var upper: Double?
        var adjustment: Int
    }

    var name: String
    var service: String
    var adjustment: Adjustment
    var steps: [Step]
    /// Seconds of the scenario's clock.
    var cooldown: Int
    var aggregation: String?
    var minimumMagnitude: Int?
    let key: String
    let createdAt: Duration

    /// Services may have policies of one name.
    var id: String { "\(service)/\(name)" }

    /// The desired count this policy wants; nil where no step is for this distance from the threshold.
    func capacity(from current: Int, distance: Double) -> Int? {
        let step =
            steps.first { distance >= $0.lower ?? -.infinity && distance < $0.upper ?? .infinity }
            ?? steps.first { $0.upper == distance }
        guard let step else { return nil }
        switch adjustment {
        case .change: return current + step.adjustment
        case .exact: return step.adjustment
        case .percent:
            let change = Double(current) * Double(step.adjustment) / 100
            let size = max(abs(change) < 1 ? 1 : Int(abs(change)), minimumMagnitude ?? 0)
            return change == 0 ? current : current + (change < 0 ? -size : size)
        }
    }
}

/// One change of a desired count, or one that was considered and not made.
struct ScalingActivity: Hashable, Sendable {
    enum Status: String, Sendable {
        case inProgress = "InProgress"
        case successful = "Successful"
        case overridden = "Overridden"
        case unfulfilled = "Unfulfilled"
    }

    let id: String
    let service: String
    /// The policy's id; nil: the limits moved it.
    let policy: String?
    let cause: String
    let from: Int
    let to: Int
    let startedAt: Duration
    var endedAt: Duration?
    var status = Status.inProgress
    /// Why nothing was done: `AlreadyAtMaxCapacity`, `AlreadyAtMinCapacity`. Shown only when asked for.
    var notScaledReason: String?

    var description: String {
        notScaledReason == nil
            ? "Setting desired count to \(to)." : "Attempting to scale due to alarm triggered"
    }

    var message: String {
        let done = "Successfully set desired count to \(to)."
        switch (status, notScaledReason) {
        case (_, let reason?):
            return
                "Unable to scale due to already being at \(reason.hasSuffix("MaxCapacity") ? "max" : "min") capacity"
        case (.inProgress, nil): return "\(done) Waiting for change to be fulfilled by ecs."
        case (.successful, nil): return "\(done) Change successfully fulfilled by ecs."
        case (.overridden, nil):
            return "\(done) The desired count was changed before it was fulfilled by ecs."
        case (.unfulfilled, nil): return "\(done) Change was not fulfilled by ecs in time."
        }
    }
}

/// What becomes of an alarm that triggers a policy.
enum ScalingDecision: Hashable, Sendable {
    case scale(to: Int)
    case atLimit(reason: String)
    /// Suspended, cooling down, or a deployment is in progress: AWS shows nothing of it.
    case wait
}

/// Pure. `recent` is the policy's last activity that changed something.
///
/// The cooldown begins when the change is fulfilled: only then does the metric begin to show it. Scale-in is off
/// while a deployment replaces tasks, as on AWS.
func decide(
    _ policy: StepScalingPolicy, _ target: ScalableTarget, current: Int, distance: Double, isDeploying: Bool,
    recent: ScalingActivity?, now: Duration, speed: Double
) -> ScalingDecision {
    guard let wanted = policy.capacity(from: current, distance: distance) else { return .wait }
    let bounded = min(max(wanted, target.minimum), target.maximum)
    if let recent {
        guard let ended = recent.endedAt, now - ended >= .seconds(policy.cooldown) / speed else {
            return .wait
        }
    }
    let isOut = wanted > current
    if isOut ? target.isScaleOutSuspended : target.isScaleInSuspended { return .wait }
    if !isOut, isDeploying { return .wait }
    if bounded == current {
        return wanted == current
            ? .wait : .atLimit(reason: isOut ? "AlreadyAtMaxCapacity" : "AlreadyAtMinCapacity")
    }
    return .scale(to: bounded)
}
