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

    /// What every fault reads: the system, and whether another run owes it something.
    static let reads = [
        "sts:GetCallerIdentity", "ecs:DescribeServices", "ecs:ListTasks", "ecs:DescribeTasks",
        "ecs:ListTaskDefinitions", "ecs:DescribeTaskDefinition",
        "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetHealth",
        "ec2:DescribeSubnets", "ec2:DescribeNetworkAcls", "ec2:DescribeRouteTables", "ssm:ListCommands",
    ]

    /// What a fault that changes a service calls to write the debt on it, and to remove it.
    static let marksService = ["ecs:TagResource", "ecs:UntagResource"]

    /// Of every fault there is; `Fault.action` is the list of the same in code.
    package static let all = [
        KillTasks.about, HangTasks.about, InterruptSpot.about, BlockZone.about, LoseZone.about,
        LoseService.about, ScaleService.about, FailOverDatabase.about, LoseNAT.about, Deploy.about,
        CutDependency.about, LosePackets.about, DelayPackets.about, StressCPU.about,
        ExhaustConnections.about, RunShell.about,
    ]
}
