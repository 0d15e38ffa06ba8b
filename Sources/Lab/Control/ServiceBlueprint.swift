/// What a service is made of: its task definition, how many tasks, and where the first ones go.
package struct ServiceBlueprint: Hashable, Sendable {
    package var name: String
    package var image: String
    package var port: Int
    /// 1024 = 1 vCPU; MiB.
    package var cpu: Int
    package var memory: Int
    package var desiredCount: Int
    /// The container health check as the task definition spells it; `DataPlane.isHealthy` carries it out.
    package var healthCommand: String
    /// Its tasks are the balancer's targets.
    package var isBalanced: Bool
    /// Where the first tasks are started; nil spreads them. Later ones are always spread.
    package var bootZone: String?
    /// Which capacity its tasks run on; empty: launch type FARGATE.
    package var capacity: [CapacityProviderItem]

    package init(
        name: String, image: String, port: Int, cpu: Int, memory: Int, desiredCount: Int,
        healthCommand: String,
        isBalanced: Bool = false, bootZone: String? = nil, capacity: [CapacityProviderItem] = []
    ) {
        self.name = name
        self.image = image
        self.port = port
        self.cpu = cpu
        self.memory = memory
        self.desiredCount = desiredCount
        self.healthCommand = healthCommand
        self.isBalanced = isBalanced
        self.bootZone = bootZone
        self.capacity = capacity
    }

    /// The three services of the document, in the order a lab boots them ("Compute Layer"; Redis in zone b:
    /// docs/lab.md).
    package static let document = [
        ServiceBlueprint(
            name: "redis", image: "redis:7-alpine", port: 6379, cpu: 256, memory: 512, desiredCount: 1,
            healthCommand: "redis-cli ping | grep -q PONG", bootZone: "ap-south-1b"),
        ServiceBlueprint(
            name: "flask-app", image: "ecs-microservices/flask-app:latest", port: 5000, cpu: 512,
            memory: 1024,
            desiredCount: 2, healthCommand: "curl -fsS http://localhost:5000/health || exit 1",
            capacity: CapacityProviderItem.oneOnDemand),
        ServiceBlueprint(
            name: "nginx", image: "ecs-microservices/nginx:latest", port: 80, cpu: 256, memory: 512,
            desiredCount: 2,
            healthCommand: "curl -fsS http://localhost/nginx-health || exit 1", isBalanced: true,
            capacity: CapacityProviderItem.oneOnDemand),
    ]
}
