/// The services of one region of one account, ready to be called.
package struct AWSPlatform: Sendable {
    package let configuration: AWSConfiguration
    package let sts: STS
    package let ecs: ECS
    package let elb: ELB
    package let ec2: EC2
    /// AWS's clock against ours, from the answers so far.
    package let clockOffset: ClockOffset

    package init(configuration: AWSConfiguration) {
        let wire = Wire(configuration)
        self.configuration = configuration
        sts = STS(wire: wire)
        ecs = ECS(wire: wire)
        elb = ELB(wire: wire)
        ec2 = EC2(wire: wire)
        clockOffset = wire.offset
    }

    /// On this machine: the lab, or a mock.
    package var isLoopback: Bool { configuration.endpoints.areLoopback }
}
