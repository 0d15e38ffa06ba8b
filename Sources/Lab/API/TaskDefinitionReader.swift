/// Reads RegisterTaskDefinition. What the lab cannot do is refused, not ignored.
struct TaskDefinitionReader {
    let given: JSONParameters

    init(_ given: JSONParameters) { self.given = given }

    private static let understood: Set<String> = [
        "family", "containerDefinitions", "networkMode", "requiresCompatibilities", "cpu", "memory",
        "executionRoleArn", "taskRoleArn", "tags", "runtimePlatform", "enableFaultInjection",
    ]
    /// What a container may say without a difference here is in the second line.
    private static let understoodOfContainers: Set<String> = [
        "name", "image", "cpu", "memory", "memoryReservation", "entryPoint", "command", "environment",
        "portMappings", "healthCheck", "logConfiguration", "essential",
        "stopTimeout", "user", "workingDirectory", "readonlyRootFilesystem", "versionConsistency", "ulimits",
        "linuxParameters", "dockerLabels", "privileged", "interactive", "pseudoTerminal", "disableNetworking",
    ]

    private func refuse(_ message: String) -> APIError { APIError("ClientException", message) }

    func definition() throws(APIError) -> TaskDefinition {
        if let other = given.given.first(where: { !Self.understood.contains($0) }) {
            throw refuse("The lab's task definitions have no \(other).")
        }
        guard let family = try given.string("family"), !family.isEmpty else {
            throw refuse("Family should not be null or empty.")
        }
        guard family.count <= 255, family.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil else {
            throw refuse("Family contains invalid characters.")
        }
        let mode = try given.string("networkMode") ?? "bridge"
        guard mode == "awsvpc" else {
            throw refuse("Fargate only supports network mode ‘awsvpc’.")
        }
        let compatibilities = try given.strings("requiresCompatibilities") ?? []
        guard compatibilities.allSatisfy({ ["FARGATE", "EC2", "EXTERNAL"].contains($0) }) else {
            throw refuse("requiresCompatibilities should be of [EC2,FARGATE,EXTERNAL].")
        }
        guard let cpu = Int(try given.string("cpu") ?? ""), let memory = Int(try given.string("memory") ?? "")
        else {
            throw refuse("Fargate requires cpu and memory at the task level, as whole numbers.")
        }
        guard FargateSize.exists(cpu: cpu, memory: memory) else {
            throw refuse("No Fargate configuration exists for given values: \(cpu) CPU, \(memory) memory.")
        }
        let containers = try given.objects("containerDefinitions") ?? []
        guard !containers.isEmpty else { throw refuse("Container list cannot be empty.") }
        guard containers.count == 1 else {
            throw refuse("A task of the lab is one container, not \(containers.count).")
        }
        var definition = TaskDefinition(
            id: RevisionID(family: family, number: 0), container: try container(containers[0]),
            compatibilities: compatibilities, cpu: cpu, memory: memory, registeredAt: .zero)
        definition.executionRole = try given.string("executionRoleArn")
        definition.taskRole = try given.string("taskRoleArn")
        definition.tags = try tags()
        return definition
    }

    private func tags() throws(APIError) -> [Tag] {
        var tags: [Tag] = []
        for tag in try given.objects("tags") ?? [] {
            guard let key = try tag.string("key"), (1...128).contains(key.count) else {
                throw ECS.invalid("Tag key must be between 1 and 128 characters.")
            }
            tags.append(Tag(key: key, value: try tag.string("value") ?? ""))
        }
        return tags
    }

    private func container(_ given: JSONParameters) throws(APIError) -> TaskDefinition.Container {
        if let other = given.given.first(where: { !Self.understoodOfContainers.contains($0) }) {
            throw refuse("The lab's containers have no \(other).")
        }
        guard let name = try given.string("name"), !name.isEmpty else {
            throw refuse("Container.name should not be null or empty.")
        }
        guard let image = try given.string("image"), !image.isEmpty else {
            throw refuse("Container.image should not be null or empty.")
        }
        var container = TaskDefinition.Container(name: name, image: image)
        container.cpu = try given.int("cpu") ?? 0
        container.memory = try given.int("memory")
        container.memoryReservation = try given.int("memoryReservation")
        container.entryPoint = try given.strings("entryPoint") ?? []
        container.command = try given.strings("command") ?? []
        container.environment = try ECS.variables(given)
        for mapping in try given.objects("portMappings") ?? [] {
            guard let port = try mapping.int("containerPort"), (1...65535).contains(port) else {
                throw refuse("containerPort must be between 1 and 65535.")
            }
            container.portMappings.append(
                TaskDefinition.PortMapping(
                    containerPort: port, name: try mapping.string("name"),
                    networkProtocol: try mapping.string("protocol") ?? "tcp",
                    appProtocol: try mapping.string("appProtocol")))
        }
        container.healthCheck = try healthCheck(given)
        if let log = try given.object("logConfiguration") {
            container.log = TaskDefinition.LogConfiguration(
                driver: try log.string("logDriver") ?? "", options: try log.map("options") ?? [:])
            if container.log?.driver == "awslogs", container.log?.options["awslogs-group"] == nil {
                throw refuse("Log driver awslogs requires options: awslogs-group")
            }
        }
        return container
    }

    private func healthCheck(_ container: JSONParameters) throws(APIError) -> TaskDefinition.HealthCheck? {
        guard let given = try container.object("healthCheck") else { return nil }
        let command = try given.strings("command") ?? []
        guard let kind = command.first, ["CMD", "CMD-SHELL", "NONE"].contains(kind),
            kind == "NONE" || command.count > 1
        else {
            throw refuse("HealthCheck.command must begin with CMD or CMD-SHELL and name a command.")
        }
        var check = TaskDefinition.HealthCheck(command: command)
        func number(_ key: String, _ range: ClosedRange<Int>, _ standard: Int) throws(APIError) -> Int {
            let value = try given.int(key) ?? standard
            guard range.contains(value) else {
                throw refuse(
                    "HealthCheck.\(key) must be between \(range.lowerBound) and \(range.upperBound).")
            }
            return value
        }
        check.interval = try number("interval", 5...300, check.interval)
        check.timeout = try number("timeout", 2...60, check.timeout)
        check.retries = try number("retries", 1...10, check.retries)
        check.startPeriod = try number("startPeriod", 0...300, check.startPeriod)
        return check
    }
}
