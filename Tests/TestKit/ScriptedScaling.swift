import Foundation

/// The scripted cloud's Application Auto Scaling: limits, and what is suspended. No policy acts on it.
extension ScriptedAWSCloud {
    package struct ScalableTarget: Hashable, Sendable {
        package var minimum: Int
        package var maximum: Int
        /// In, out and scheduled.
        package var suspended: [Bool]

        package init(_ minimum: Int, _ maximum: Int, suspended: [Bool] = [false, false, false]) {
            self.minimum = minimum
            self.maximum = maximum
            self.suspended = suspended
        }
    }

    fileprivate static let suspensions = [
        "DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended",
    ]
}

extension ScriptedAWSCloud.State {
    mutating func scaling(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        if request.action == "DescribeScalableTargets" {
            let wanted = request.list("ResourceIds")
            let found = scalableTargets.filter { wanted.contains("service/shop/\($0.key)") }
            return Self.json([
                "ScalableTargets": found.map { name, target -> [String: Any] in
                    [
                        "ResourceId": "service/shop/\(name)", "MinCapacity": target.minimum,
                        "MaxCapacity": target.maximum,
                        "SuspendedState": Dictionary(
                            uniqueKeysWithValues: zip(ScriptedAWSCloud.suspensions, target.suspended)),
                    ]
                }
            ])
        }
        let object = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any] ?? [:]
        let name = String((request.field("ResourceId") ?? "").split(separator: "/").last ?? "")
        guard var target = scalableTargets[name] else {
            return .status(400, #"{"__type":"ValidationException","message":"MinCapacity is needed"}"#)
        }
        target.minimum = object["MinCapacity"] as? Int ?? target.minimum
        target.maximum = object["MaxCapacity"] as? Int ?? target.maximum
        let suspended = object["SuspendedState"] as? [String: Bool] ?? [:]
        for (index, key) in ScriptedAWSCloud.suspensions.enumerated() {
            target.suspended[index] = suspended[key] ?? target.suspended[index]
        }
        scalableTargets[name] = target
        let count = desired[name] ?? 0
        let within = min(max(count, target.minimum), target.maximum)
        if movesCounts, within != count { want(within, of: name) }
        return Self.json([:])
    }
}
