/// The names and ARNs of the lab's fixed resources.
struct ResourceNames: Sendable {
    let region: String
    let account: String
    let project: String
    let balancerKey: String
    let targetGroupKey: String

    init(settings: ControlSettings, ids: inout ResourceIDs) {
        region = settings.region
        account = settings.account
        project = settings.project
        balancerKey = ids.hex(16)
        targetGroupKey = ids.hex(16)
    }

    private func arn(_ service: String, _ resource: String) -> String {
        "arn:aws:\(service):\(region):\(account):\(resource)"
    }

    var clusterName: String { "\(project)-cluster" }
    var cluster: String { clusterARN(of: clusterName) }
    func clusterARN(of name: String) -> String { arn("ecs", "cluster/\(name)") }
    func service(_ name: String) -> String { arn("ecs", "service/\(clusterName)/\(name)") }
    /// Of a deployment's id, `ecs-svc/NUMBER`.
    func serviceDeployment(_ id: String, of service: String) -> String {
        arn("ecs", "service-deployment/\(clusterName)/\(service)/\(id.trimmingPrefix("ecs-svc/"))")
    }
    func serviceRevision(_ id: String, of service: String) -> String {
        arn("ecs", "service-revision/\(clusterName)/\(service)/\(id.trimmingPrefix("ecs-svc/"))")
    }
    func task(_ id: TaskID) -> String { arn("ecs", "task/\(clusterName)/\(id)") }
    func container(_ id: TaskID, _ key: String) -> String {
        arn("ecs", "container/\(clusterName)/\(id)/\(key)")
    }
    func family(_ service: String) -> String { "\(project)-\(service)" }
    func taskDefinition(_ id: RevisionID) -> String { arn("ecs", "task-definition/\(id)") }

    var balancerName: String { "\(project)-alb" }
    var balancer: String {
        arn("elasticloadbalancing", "loadbalancer/app/\(balancerName)/\(balancerKey)")
    }
    func listener(_ port: Int) -> String {
        arn(
            "elasticloadbalancing",
            "listener/app/\(balancerName)/\(balancerKey)/\(targetGroupKey.prefix(8))\(port)")
    }
    /// Of the listener that takes HTTPS.
    var certificate: String {
        arn("acm", "certificate/\(balancerKey.prefix(8))-0000-4000-8000-\(targetGroupKey.prefix(12))")
    }
    var targetGroupName: String { "\(project)-nginx" }
    var targetGroup: String {
        arn("elasticloadbalancing", "targetgroup/\(targetGroupName)/\(targetGroupKey)")
    }
}
