/// AWS Systems Manager: commands run inside tasks. Each running task is a managed instance.
struct SSM {
    let control: ControlPlane

    func answer(_ action: String, _ given: JSONParameters) async throws(APIError) -> JSONValue {
        switch action {
        case "DescribeInstanceInformation": return try await describeInstances(given)
        case "SendCommand": return try await sendCommand(given)
        case "CancelCommand": return try await cancelCommand(given)
        case "ListCommands": return try await listCommands(given)
        case "ListCommandInvocations": return try await listInvocations(given)
        case "GetCommandInvocation": return try await getInvocation(given)
        default: throw APIError("UnknownOperationException", "The lab's ssm serves no \(action).")
        }
    }

    /// The tag is set by the registration script that AWS FIS prescribes for the agent beside a task.
    private static let taskTag = "tag:ECS_TASK_ARN"

    private func page<Item>(
        _ items: [Item], by key: (Item) -> String, _ given: JSONParameters
    ) throws(APIError) -> Page<Item> {
        let size = try given.int("MaxResults") ?? 50
        guard (1...50).contains(size) else {
            throw APIError("ValidationException", "MaxResults must be between 1 and 50, was \(size).")
        }
        guard let page = Page(items, by: key, after: try given.string("NextToken"), size: size) else {
            throw APIError("InvalidNextToken", "The specified token is not valid.")
        }
        return page
    }

    private func listing<Item>(_ key: String, _ page: Page<Item>, _ shape: (Item) -> JSONValue) -> JSONValue {
        let list: JSONValue = [key: .array(page.items.map(shape))]
        return page.next.map { list.adding(("NextToken", .string($0))) } ?? list
    }

    // MARK: Managed instances

    private var running: [ECSTask] {
        get async { await control.state.tasks.filter { $0.status == .running } }
    }

    private func matches(_ task: ECSTask, _ key: String, _ values: [String]) throws(APIError) -> Bool {
        switch key {
        case Self.taskTag: values.contains(control.names.task(task.id))
        case "InstanceIds": values.contains(CommandControl.instance(of: task.id))
        case "PingStatus": values.contains("Online")
        case "ResourceType": values.contains("ManagedInstance")
        case "PlatformTypes": values.contains("Linux")
        default: throw APIError("InvalidFilterKey", "The specified key isn't valid: \(key).")
        }
    }

    private func chosen(_ filters: [JSONParameters]) async throws(APIError) -> [ECSTask] {
        var tasks = await running
        for filter in filters {
            let key = try filter.string("Key") ?? ""
            let values = try filter.strings("Values") ?? []
            var kept: [ECSTask] = []
            for task in tasks where try matches(task, key, values) { kept.append(task) }
            tasks = kept
        }
        return tasks
    }

    private func describeInstances(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        let tasks = try await chosen(try given.objects("Filters") ?? [])
        let page = try page(tasks, by: { CommandControl.instance(of: $0.id) }, given)
        let clock = control.clock
        return listing("InstanceInformationList", page) { task in
            [
                "InstanceId": .string(CommandControl.instance(of: task.id)), "PingStatus": "Online",
                "LastPingDateTime": .date(clock.calendar(clock.now)), "AgentVersion": "3.3.0.0",
                "IsLatestVersion": true, "PlatformType": "Linux", "PlatformName": "Amazon Linux",
                "PlatformVersion": "2023", "IamRole": "loadchaos-lab-managed-instance",
                "RegistrationDate": .date(clock.calendar(task.startedAt ?? task.createdAt)),
                "ResourceType": "ManagedInstance", "Name": .string(task.service),
                "IPAddress": .string(task.address), "ComputerName": .string(task.name),
            ]
        }
    }

    // MARK: Commands

    private func sendCommand(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        let document = try SSMDocument.named(try given.string("DocumentName") ?? "")
        let comment = try given.string("Comment") ?? ""
        guard comment.count <= 100 else {
            throw APIError("ValidationException", "Comment must have length less than or equal to 100.")
        }
        let order = try document.order(try given.object("Parameters"))
        var tasks: [ECSTask]
        if let instances = try given.strings("InstanceIds"), !instances.isEmpty {
            tasks = await running.filter { instances.contains(CommandControl.instance(of: $0.id)) }
            guard tasks.count == Set(instances).count else {
                let list = instances.joined(separator: ", ")
                throw APIError(
                    "InvalidInstanceId",
                    "Instances [[\(list)]] not in a valid state for account \(control.settings.account)")
            }
        } else {
            let targets = try given.objects("Targets") ?? []
            guard !targets.isEmpty else {
                throw APIError("ValidationException", "Either InstanceIds or Targets must be given.")
            }
            tasks = try await chosen(targets)
        }
        let command = await control.commands.send(
            .init(
                document: document.name, comment: comment, parameters: order.parameters,
                impairment: order.impairment, seconds: order.seconds, tasks: tasks.map(\.id)))
        return ["Command": shape(command)]
    }

    private func known(_ id: String?) async throws(APIError) -> CommandControl.Command {
        guard let command = await control.commands.commands.first(where: { $0.id == id }) else {
            throw APIError("InvalidCommandId", "The specified command ID isn't valid: \(id ?? "").")
        }
        return command
    }

    private func cancelCommand(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        let command = try await known(try given.string("CommandId"))
        _ = await control.commands.cancel(command.id, instances: try given.strings("InstanceIds") ?? [])
        return [:]
    }

    private func wanted(_ given: JSONParameters) async throws(APIError) -> [CommandControl.Command] {
        var commands = await control.commands.commands
        if let id = try given.string("CommandId") { commands = [try await known(id)] }
        if let instance = try given.string("InstanceId") {
            commands = commands.filter { $0.invocations.contains { $0.instance == instance } }
        }
        for filter in try given.objects("Filters") ?? [] {
            let value = try filter.string("value") ?? ""
            switch try filter.string("key") {
            case "Status": commands = commands.filter { $0.status.rawValue == value }
            case "DocumentName": commands = commands.filter { $0.document == value }
            case let key: throw APIError("InvalidFilterKey", "The specified key isn't valid: \(key ?? "").")
            }
        }
        return commands
    }

    private func listCommands(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        listing("Commands", try page(try await wanted(given), by: \.id, given), shape)
    }

    private func listInvocations(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        let instance = try given.string("InstanceId")
        let rows = try await wanted(given).flatMap { command in
            command.invocations.filter { instance == nil || $0.instance == instance }.map { (command, $0) }
        }
        return listing("CommandInvocations", try page(rows, by: { "\($0.0.id) \($0.1.instance)" }, given)) {
            shape($0.1, of: $0.0).adding(("CommandPlugins", []))
        }
    }

    private func getInvocation(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        let command = try await known(try given.string("CommandId"))
        let instance = try given.string("InstanceId")
        guard let invocation = command.invocations.first(where: { $0.instance == instance }) else {
            throw APIError(
                "InvocationDoesNotExist",
                "The command ID and managed node ID you specified didn't match any invocations.")
        }
        let code = invocation.status == .inProgress ? -1 : invocation.status == .success ? 0 : 1
        return shape(invocation, of: command).adding(("ResponseCode", .int(code)))
    }
}

extension SSM {
    fileprivate func shape(_ command: CommandControl.Command) -> JSONValue {
        let parameters = command.parameters.map { ($0.name, JSONValue.list($0.values)) }
        let done = command.invocations.count { $0.status != .inProgress }
        return [
            "CommandId": .string(command.id), "DocumentName": .string(command.document),
            "DocumentVersion": "$DEFAULT", "Comment": .string(command.comment),
            "Parameters": .object(parameters),
            "InstanceIds": .list(command.invocations.map(\.instance)), "Targets": [],
            "RequestedDateTime": .date(control.clock.calendar(command.requestedAt)),
            "Status": .string(command.status.rawValue), "StatusDetails": .string(command.status.rawValue),
            "MaxConcurrency": "50", "MaxErrors": "0", "TargetCount": .int(command.invocations.count),
            "CompletedCount": .int(done),
            "ErrorCount": .int(command.invocations.count { $0.status == .failed }),
            "DeliveryTimedOutCount": 0, "TimeoutSeconds": 3600,
        ]
    }

    fileprivate func shape(_ invocation: CommandControl.Invocation, of command: CommandControl.Command)
        -> JSONValue
    {
        let details = invocation.details.isEmpty ? invocation.status.rawValue : invocation.details
        return [
            "CommandId": .string(command.id), "InstanceId": .string(invocation.instance),
            "Comment": .string(command.comment), "DocumentName": .string(command.document),
            "DocumentVersion": "$DEFAULT",
            "RequestedDateTime": .date(control.clock.calendar(command.requestedAt)),
            "Status": .string(invocation.status.rawValue), "StatusDetails": .string(details),
        ]
    }
}
