/// The services that take JSON, by the prefix of `X-Amz-Target`.
enum JSONService: String, CaseIterable, Sendable {
    case ecs = "AmazonEC2ContainerServiceV20141113"
    case applicationAutoScaling = "AnyScaleFrontendService"
    case cloudWatch = "GraniteServiceVersion20100801"
    case logs = "Logs_20140328"
    case ssm = "AmazonSSM"

    /// As in messages.
    var name: String {
        switch self {
        case .ecs: "ecs"
        case .applicationAutoScaling: "application-autoscaling"
        case .cloudWatch: "monitoring"
        case .logs: "logs"
        case .ssm: "ssm"
        }
    }

    /// JSON 1.1; CloudWatch speaks 1.0.
    var contentType: String { self == .cloudWatch ? "application/x-amz-json-1.0" : JSONWire.contentType }
}

/// The services that take forms and answer XML.
enum FormService: CaseIterable, Sendable {
    case sts, elasticLoadBalancing, ec2, rds, cloudWatch

    /// The service's name in a signature's scope.
    var signingName: String {
        switch self {
        case .sts: "sts"
        case .elasticLoadBalancing: "elasticloadbalancing"
        case .ec2: "ec2"
        case .rds: "rds"
        case .cloudWatch: "monitoring"
        }
    }

    var version: String {
        switch self {
        case .sts: STS.version
        case .elasticLoadBalancing: ELBv2.version
        case .ec2: EC2.version
        case .rds: RDS.version
        case .cloudWatch: CloudWatch.version
        }
    }

    var namespace: String {
        switch self {
        case .sts: STS.namespace
        case .elasticLoadBalancing: ELBv2.namespace
        case .ec2: EC2Wire.namespace
        case .rds: RDS.namespace
        case .cloudWatch: CloudWatch.namespace
        }
    }
}
