/// The services of one region of one account, ready to be called.
package struct AWSPlatform: Sendable {
    package let configuration: AWSConfiguration
    package let sts: STS
    package let ecs: ECS
    package let elb: ELB
    package let ec2: EC2
    package let rds: RDS
    package let autoScaling: ApplicationAutoScaling
    package let cloudWatch: CloudWatch
    package let logs: CloudWatchLogs
    package let ssm: SSM
    package let fis: FIS
    /// AWS's clock against ours, from the answers so far.
    package let clockOffset: ClockOffset

    package init(configuration: AWSConfiguration) {
        let wire = Wire(configuration)
        self.configuration = configuration
        sts = STS(wire: wire)
        ecs = ECS(wire: wire)
        elb = ELB(wire: wire)
        ec2 = EC2(wire: wire)
        rds = RDS(wire: wire)
        autoScaling = ApplicationAutoScaling(wire: wire)
        cloudWatch = CloudWatch(wire: wire)
        logs = CloudWatchLogs(wire: wire)
        ssm = SSM(wire: wire)
        fis = FIS(wire: wire)
        clockOffset = wire.offset
    }

    /// On this machine: the lab, or a mock.
    package var isLoopback: Bool { configuration.endpoints.areLoopback }
}
