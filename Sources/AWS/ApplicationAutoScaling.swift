/// Application Auto Scaling: what scales a service, and what it did.
package struct ApplicationAutoScaling: Sendable {
    let wire: Wire

    private func call<Answer: Decodable>(
        _ action: String, _ input: some Encodable & Sendable
    ) async throws(AWSError) -> Answer {
        try await wire.json(.autoScaling, target: "AnyScaleFrontendService", action, input)
    }

    /// How an ECS service is called here: `service/CLUSTER/NAME`.
    package static func resource(cluster: String, service: String) -> String {
        "service/\(cluster)/\(service)"
    }

    static let dimension = "ecs:service:DesiredCount"

    package struct Suspended: Hashable, Codable, Sendable {
        package var DynamicScalingInSuspended: Bool?
        package var DynamicScalingOutSuspended: Bool?
        package var ScheduledScalingSuspended: Bool?

        package init(scaleIn: Bool? = nil, scaleOut: Bool? = nil, scheduled: Bool? = nil) {
            DynamicScalingInSuspended = scaleIn
            DynamicScalingOutSuspended = scaleOut
            ScheduledScalingSuspended = scheduled
        }

        /// No alarm and no schedule scales it.
        package static let whole = Suspended(scaleIn: true, scaleOut: true, scheduled: true)

        /// With all three said: what an answer leaves out goes on.
        var explicit: Suspended {
            Suspended(
                scaleIn: DynamicScalingInSuspended ?? false, scaleOut: DynamicScalingOutSuspended ?? false,
                scheduled: ScheduledScalingSuspended ?? false)
        }
    }

    /// What may be scaled, between which limits.
    package struct Target: Hashable, Sendable {
        package var resource: String
        package var minimum: Int
        package var maximum: Int
        /// With all three said.
        package var suspended: Suspended
    }

    /// Those that are there.
    package func describeScalableTargets(resources: [String]) async throws(AWSError) -> [Target] {
        struct Input: Encodable {
            var ServiceNamespace = "ecs"
            var ResourceIds: [String]
            var NextToken: String?
        }
        struct Answer: Decodable {
            struct One: Decodable {
                var ResourceId: String
                var MinCapacity: Int
                var MaxCapacity: Int
                var SuspendedState: Suspended?
            }
            var ScalableTargets: [One]
            var NextToken: String?
        }
        var input = Input(ResourceIds: resources)
        var found: [Target] = []
        repeat {
            let answer: Answer = try await call("DescribeScalableTargets", input)
            found += answer.ScalableTargets.map {
                Target(
                    resource: $0.ResourceId, minimum: $0.MinCapacity, maximum: $0.MaxCapacity,
                    suspended: ($0.SuspendedState ?? Suspended()).explicit)
            }
            input.NextToken = answer.NextToken
        } while input.NextToken != nil
        return found
    }

    /// Registers a target or changes it; what is nil stays as it is.
    ///
    /// AWS compares the desired count with the limits at this call, whatever it changes and whatever is suspended, and
    /// moves one that is outside to the nearer limit. Afterwards it no longer looks.
    package func registerScalableTarget(
        resource: String, minimum: Int? = nil, maximum: Int? = nil, suspended: Suspended? = nil
    ) async throws(AWSError) {
        struct Input: Encodable {
            var ServiceNamespace = "ecs"
            var ScalableDimension = ApplicationAutoScaling.dimension
            var ResourceId: String
            var MinCapacity: Int?
            var MaxCapacity: Int?
            var SuspendedState: Suspended?
        }
        struct Answer: Decodable {}
        let input = Input(
            ResourceId: resource, MinCapacity: minimum, MaxCapacity: maximum, SuspendedState: suspended)
        let _: Answer = try await call("RegisterScalableTarget", input)
    }

    package struct Policy: Hashable, Sendable {
        package var name: String
        package var resource: String
        /// Names of the alarms that trigger it.
        package var alarms: [String]
    }

    /// All policies of ECS services in the region.
    package func describeScalingPolicies() async throws(AWSError) -> [Policy] {
        struct Input: Encodable {
            var ServiceNamespace = "ecs"
            var NextToken: String?
        }
        struct Answer: Decodable {
            struct Alarm: Decodable { var AlarmName: String }
            struct One: Decodable {
                var PolicyName: String
                var ResourceId: String
                var Alarms: [Alarm]?
            }
            var ScalingPolicies: [One]
            var NextToken: String?
        }
        var input = Input()
        var found: [Policy] = []
        repeat {
            let answer: Answer = try await call("DescribeScalingPolicies", input)
            found += answer.ScalingPolicies.map {
                Policy(
                    name: $0.PolicyName, resource: $0.ResourceId, alarms: ($0.Alarms ?? []).map(\.AlarmName))
            }
            input.NextToken = answer.NextToken
        } while input.NextToken != nil
        return found
    }

    package struct Activity: Hashable, Sendable {
        package var id: String
        package var resource: String
        package var description: String
        package var cause: String
        /// InProgress, Successful, Overridden, Unfulfilled, Failed…
        package var status: String
        package var message: String
        /// Seconds since 1970.
        package var start: Double
        package var end: Double?
    }

    /// The newest changes of the region's ECS services, at most 50, newest first.
    package func describeScalingActivities() async throws(AWSError) -> [Activity] {
        struct Input: Encodable {
            var ServiceNamespace = "ecs"
            var MaxResults = 50
        }
        struct Answer: Decodable {
            struct One: Decodable {
                var ActivityId: String
                var ResourceId: String
                var Description: String
                var Cause: String
                var StartTime: Double
                var EndTime: Double?
                var StatusCode: String
                var StatusMessage: String?
            }
            var ScalingActivities: [One]
        }
        let answer: Answer = try await call("DescribeScalingActivities", Input())
        return answer.ScalingActivities.map {
            Activity(
                id: $0.ActivityId, resource: $0.ResourceId, description: $0.Description, cause: $0.Cause,
                status: $0.StatusCode, message: $0.StatusMessage ?? "", start: $0.StartTime, end: $0.EndTime)
        }
    }
}
