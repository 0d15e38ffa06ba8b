import AWS
import Plan

/// What nothing is called. Ids have the form that AWS asks for before it looks for them.
private enum Nobody {
    static let name = "loadchaos-doctor"
    static let taskID = String(repeating: "0", count: 32)
    static let instance = "mi-00000000000000000"
    static let command = "00000000-0000-0000-0000-000000000000"
    static let template = "EXT0000000000000"
    static let document = "AWS-RunShellScript"
    static let tag = "loadchaos:doctor"
}

extension PermissionProbe {
    private var ecs: ECS { platform.ecs }

    /// `arn:PARTITION:SERVICE:REGION:ACCOUNT:REST`.
    private func arn(_ service: String, _ rest: String) -> String {
        let partition = identity.arn.split(separator: ":").dropFirst().first ?? "aws"
        return "arn:\(partition):\(service):\(system.region):\(identity.account):\(rest)"
    }

    private var nobodysService: String { arn("ecs", "service/\(system.cluster)/\(Nobody.name)") }

    private static func question(
        _ through: Set<String> = [],
        _ call: @escaping @Sendable (PermissionProbe) async throws(AWSError) -> Void
    ) -> Question {
        Question(through: through) { probe throws(FaultProblem) in
            try await asking { () async throws(AWSError) in try await call(probe) }
        }
    }

    static let identityQuestions: [String: Question] = [
        "sts:GetCallerIdentity": question { p throws(AWSError) in
            _ = try await p.platform.sts.getCallerIdentity()
        }
    ]

    static let ecsQuestions: [String: Question] = [
        "ecs:DescribeServices": question(["ServiceNotFoundException"]) { p throws(AWSError) in
            _ = try await p.ecs.describeServices(cluster: p.system.cluster, p.system.services.map(\.name))
        },
        "ecs:ListTasks": question { p throws(AWSError) in
            _ = try await p.ecs.listTasks(cluster: p.system.cluster)
        },
        "ecs:DescribeTasks": question { p throws(AWSError) in
            _ = try await p.ecs.describeTasks(cluster: p.system.cluster, [Nobody.taskID])
        },
        "ecs:DescribeTaskDefinition": question(["ClientException"]) { p throws(AWSError) in
            _ = try await p.ecs.describeTaskDefinition(Nobody.name)
        },
        "ecs:ListTaskDefinitions": question { p throws(AWSError) in
            _ = try await p.ecs.newestTaskDefinitions(family: Nobody.name)
        },
        "ecs:DeregisterTaskDefinition": question(["ClientException", "InvalidParameterException"]) {
            p throws(AWSError) in try await p.ecs.deregisterTaskDefinition("\(Nobody.name):1")
        },
        "ecs:StopTask": question(["InvalidParameterException"]) { p throws(AWSError) in
            try await p.ecs.stopTask(
                cluster: p.system.cluster, task: Nobody.taskID, reason: "a question about permissions")
        },
        "ecs:UpdateService": question(["ServiceNotFoundException"]) { p throws(AWSError) in
            try await p.ecs.updateService(cluster: p.system.cluster, service: Nobody.name, desiredCount: 0)
        },
        "ecs:TagResource": question(notTagged) { p throws(AWSError) in
            try await p.ecs.tagResource(p.nobodysService, [Nobody.tag: ""])
        },
        "ecs:UntagResource": question(notTagged) { p throws(AWSError) in
            try await p.ecs.untagResource(p.nobodysService, keys: [Nobody.tag])
        },
        "ecs:RunTask": question(["ClientException", "InvalidParameterException"]) { p throws(AWSError) in
            _ = try await p.ecs.runTask(
                RunTaskOrder(
                    cluster: p.system.cluster, taskDefinition: Nobody.name, network: ECSNetwork(subnets: []),
                    container: Nobody.name, command: [], environment: [:], startedBy: Nobody.name,
                    token: Nobody.name))
        },
        "application-autoscaling:DescribeScalableTargets": question { p throws(AWSError) in
            _ = try await p.platform.autoScaling.describeScalableTargets(resources: [])
        },
        "application-autoscaling:DescribeScalingPolicies": question { p throws(AWSError) in
            _ = try await p.platform.autoScaling.describeScalingPolicies()
        },
        "application-autoscaling:DescribeScalingActivities": question { p throws(AWSError) in
            _ = try await p.platform.autoScaling.describeScalingActivities()
        },
        "application-autoscaling:RegisterScalableTarget": question(["ValidationException"]) {
            p throws(AWSError) in
            try await p.platform.autoScaling.registerScalableTarget(
                resource: "service/\(p.system.cluster)/\(Nobody.name)", minimum: 1, maximum: 1)
        },
    ]

    private static let notTagged: Set = [
        "InvalidParameterException", "ServiceNotFoundException", "ResourceNotFoundException",
    ]

    static let databaseQuestions: [String: Question] = [
        "rds:DescribeDBInstances": question(["DBInstanceNotFound"]) { p throws(AWSError) in
            _ = try await p.platform.rds.describeDBInstance(p.system.database ?? Nobody.name)
        },
        "rds:DescribeEvents": question { p throws(AWSError) in
            _ = try await p.platform.rds.describeEvents(
                instance: p.system.database ?? Nobody.name, lastMinutes: 1)
        },
        "rds:RebootDBInstance": question(["DBInstanceNotFound"]) { p throws(AWSError) in
            try await p.platform.rds.rebootDBInstance(Nobody.name, forceFailover: true)
        },
    ]

    static let watchingQuestions: [String: Question] = [
        "elasticloadbalancing:DescribeLoadBalancers": question(["LoadBalancerNotFound"]) {
            p throws(AWSError) in
            _ = try await p.platform.elb.describeLoadBalancers(names: [p.system.balancer])
        },
        "elasticloadbalancing:DescribeTargetHealth": question(["TargetGroupNotFound"]) { p throws(AWSError) in
            _ = try await p.platform.elb.describeTargetHealth(
                targetGroup: p.arn("elasticloadbalancing", "targetgroup/\(Nobody.name)/0000000000000000"))
        },
        "cloudwatch:GetMetricData": question { p throws(AWSError) in
            let now = p.platform.configuration.wallClock()
            _ = try await p.platform.cloudWatch.getMetricData(
                [.init("AWS/ECS", "CPUUtilization", ["ClusterName": p.system.cluster], "Average")],
                from: now - 60, to: now)
        },
        "cloudwatch:DescribeAlarms": question { p throws(AWSError) in
            _ = try await p.platform.cloudWatch.describeAlarms(names: [Nobody.name])
        },
        "logs:FilterLogEvents": question(["ResourceNotFoundException"]) { p throws(AWSError) in
            _ = try await p.platform.logs.lines(
                group: Nobody.name, streams: nil, matching: "", since: p.platform.configuration.wallClock())
        },
        "logs:GetLogEvents": question(["ResourceNotFoundException"]) { p throws(AWSError) in
            _ = try await p.platform.logs.lines(group: Nobody.name, stream: Nobody.name)
        },
    ]

    static let experimentQuestions: [String: Question] = [
        "ssm:DescribeInstanceInformation": question { p throws(AWSError) in
            _ = try await p.platform.ssm.managedInstances(
                task: p.arn("ecs", "task/\(p.system.cluster)/\(Nobody.taskID)"))
        },
        "ssm:SendCommand": question(["InvalidInstanceId"]) { p throws(AWSError) in
            _ = try await p.platform.ssm.sendCommand(
                document: Nobody.document, instances: [Nobody.instance], parameters: ["commands": ["true"]],
                comment: Nobody.name)
        },
        "ssm:CancelCommand": question(["InvalidCommandId"]) { p throws(AWSError) in
            try await p.platform.ssm.cancelCommand(Nobody.command)
        },
        "ssm:ListCommands": question { p throws(AWSError) in
            _ = try await p.platform.ssm.listCommands(document: Nobody.name)
        },
        "ssm:ListCommandInvocations": question(["InvalidCommandId"]) { p throws(AWSError) in
            _ = try await p.platform.ssm.invocations(of: Nobody.command)
        },
        "fis:ListExperimentTemplates": question { p throws(AWSError) in
            _ = try await p.platform.fis.listExperimentTemplates()
        },
        "fis:StartExperiment": question(["ResourceNotFoundException"]) { p throws(AWSError) in
            _ = try await p.platform.fis.startExperiment(template: Nobody.template, token: Nobody.name)
        },
        "fis:GetExperiment": question(["ResourceNotFoundException"]) { p throws(AWSError) in
            _ = try await p.platform.fis.experimentStatus(Nobody.template)
        },
        "fis:ListExperimentResolvedTargets": question(["ResourceNotFoundException"]) { p throws(AWSError) in
            _ = try await p.platform.fis.resolvedTasks(Nobody.template)
        },
    ]
}
