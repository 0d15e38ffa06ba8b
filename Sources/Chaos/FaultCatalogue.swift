/// What can be broken on purpose, for `loadchaos faults`.
package struct FaultDescription: Hashable, Sendable {
    /// As it is written in a scenario.
    package var syntax: String
    package var what: String
    /// Mutating calls.
    package var calls: [String]
    package var effect: String
    package var undo: String
    package var healed: String
    /// What it does not do, so that nobody takes it for more.
    package var limits: String
    /// IAM actions for the whole life of the fault.
    package var permissions: [String]
}

/// One entry per fault; `Fault.action` is the list of the same in code.
package enum FaultCatalogue {
    package static let all = [
        killTasks, hangTasks, interruptSpot, blockZone, loseZone, loseService, scaleService, failOverDatabase,
        loseNAT, deploy,
    ]

    static let reads = [
        "sts:GetCallerIdentity", "ecs:DescribeServices", "ecs:ListTasks", "ecs:DescribeTasks",
        "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetHealth",
        "ec2:DescribeSubnets",
    ]

    static let deploy = FaultDescription(
        syntax: "at TIME  deploy SERVICE [failing its health check | crashing | slow]",
        what: "Rolls out a copy of the service's revision with one difference; ECS does the rest.",
        calls: ["ecs RegisterTaskDefinition (tagged)", "ecs UpdateService (taskDefinition)"],
        effect: """
            A good or slow release: its deployment is COMPLETED. A bad one: its deployment has FAILED or ECS has gone \
            back, or, without a circuit breaker, as many tasks have failed as would have opened one.
            """,
        undo:
            "ecs UpdateService back to the old revision if ours is still on, ecs DeregisterTaskDefinition of ours.",
        healed: "One deployment, not of our revision; all tasks running and healthy.",
        limits: "The image is the same: what another image would do is not tested.",
        permissions: reads + [
            "ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions", "ecs:RegisterTaskDefinition",
            "ecs:TagResource",
            "ecs:UpdateService", "ecs:DeregisterTaskDefinition", "iam:PassRole",
        ])

    static let killTasks = FaultDescription(
        syntax: "at TIME  kill N tasks of SERVICE [in zone ZONE]",
        what: "Stops running tasks of a service, chosen by the run's seed.",
        calls: ["ecs StopTask (each, with the reason \"loadchaos RUN\")"],
        effect: "ECS shows each task stopped, or being stopped, for our reason.",
        undo: "None: ECS replaces the tasks.",
        healed:
            "One deployment, as many tasks running as desired, and all targets healthy if it is balanced.",
        limits: """
            ECS takes the target out itself, so the balancer's health check is not tested by it; a task gets SIGTERM \
            first, so it is no crash.
            """,
        permissions: reads + ["ecs:StopTask"])

    static let blockZone = FaultDescription(
        syntax: "at TIME  block zone ZONE for DURATION",
        what:
            "Puts every subnet of the zone, in the balancer's VPC, on an empty network ACL: no packet passes.",
        calls: ["ec2 CreateNetworkAcl (tagged)", "ec2 ReplaceNetworkAclAssociation (each subnet)"],
        effect:
            "The subnets are on our ACL, and clients see failures or a target of the zone becomes unhealthy.",
        undo:
            "ec2 ReplaceNetworkAclAssociation back to the journaled ACL of each subnet, ec2 DeleteNetworkAcl.",
        healed: "The subnets are on their old ACLs, ours is gone, all targets are healthy.",
        limits: """
            Traffic within a subnet and DNS pass. ECS may still place tasks in the zone, and RDS is not told: it \
            need not fail over.
            """,
        permissions: reads + [
            "ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkAcl",
            "ec2:CreateTags",
            "ec2:ReplaceNetworkAclAssociation", "ec2:DeleteNetworkAcl",
        ])
}
