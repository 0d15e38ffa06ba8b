package import AWS
package import Plan

/// Finds out what these keys may do, by calls that change nothing: reads as they are, EC2's dry runs, and writes to
/// what is not there. IAM is asked before a thing is looked for, so "not found" says that the call was allowed.
package struct PermissionProbe: Sendable {
    package enum Answer: Hashable, Sendable {
        case allowed
        /// In AWS's words.
        case refused(String)
        /// Why it cannot be told.
        case unknown(String)
    }

    let platform: AWSPlatform
    let system: System
    /// Who asks: the account is a part of most names.
    let identity: STS.CallerIdentity

    package init(platform: AWSPlatform, system: System, identity: STS.CallerIdentity) {
        self.platform = platform
        self.system = system
        self.identity = identity
    }

    /// `action` as policies write it, `ecs:StopTask`.
    package func answer(_ action: String) async -> Answer {
        guard let question = Self.questions[action] else {
            return .unknown(Self.unaskable[action] ?? "no call of it is known that changes nothing")
        }
        do {
            try await question.ask(self)
            return .allowed
        } catch FaultProblem.platform(let error) {
            if let code = error.code, question.through.contains(code) { return .allowed }
            return error.isDenied ? .refused("\(error)") : .unknown("\(error)")
        } catch {
            return .unknown("\(error)")
        }
    }
}

extension PermissionProbe {
    struct Question: Sendable {
        /// The codes by which AWS says that it was allowed and came to nothing.
        var through: Set<String>
        var ask: @Sendable (PermissionProbe) async throws(FaultProblem) -> Void
    }

    /// Why an action has no question.
    static let unaskable = [
        "ecs:RegisterTaskDefinition": "every call of it leaves a revision",
        "ec2:DeleteNetworkAcl": "it is allowed only for lists that loadchaos has made, and there is none",
        "iam:PassRole": "it is a part of other calls, which would have to be made",
    ]

    static let questions: [String: Question] =
        identityQuestions.merging(ecsQuestions) { $1 }.merging(networkQuestions) { $1 }
        .merging(databaseQuestions) { $1 }.merging(watchingQuestions) { $1 }
        .merging(experimentQuestions) { $1 }
}

extension PermissionProbe {
    /// What every run needs: guard, watching and the tasks' logs.
    package static let watching =
        FaultDescription.reads + [
            "logs:FilterLogEvents", "rds:DescribeDBInstances", "rds:DescribeEvents",
            "cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms",
            "application-autoscaling:DescribeScalableTargets",
            "application-autoscaling:DescribeScalingPolicies",
            "application-autoscaling:DescribeScalingActivities",
        ]

    /// What probes that run in a task need.
    package static let probing = [
        "ecs:RunTask", "ec2:DescribeSecurityGroups", "logs:GetLogEvents", "iam:PassRole",
    ]
}
