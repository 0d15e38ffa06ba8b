import AWS
import History
import Plan
import Shell

/// One probe's task: run from the service's task definition, in its subnets, with the command in place of its own.
struct TaskProbe: Sendable {
    let platform: AWSPlatform
    let system: System
    let run: String
    let index: Int
    let service: String
    let group: String?
    let clock: any RunClock

    struct Started: Sendable {
        var arn: String
        var id: String
        var log: ContainerLog
    }

    /// Seconds that a task may outlive its probe's timeout when nobody is left to stop it.
    private static let deadMansMargin = 30.0
    /// Looks at a log that has nothing yet: it lags behind the task, on AWS by seconds.
    private static let logLooks = 5

    private var pollInterval: Nanoseconds { platform.isLoopback ? .milliseconds(250) : .seconds(2) }

    /// Asks for the task. What it was given is not forgotten when the caller is cancelled meanwhile.
    func start(
        _ command: String, _ variables: [String: String], timeout: Nanoseconds
    ) async throws(ProbeFault) -> Started {
        let found = try await asking { () async throws(AWSError) in
            try await platform.ecs.describeServices(cluster: system.cluster, [service]).first
        }
        guard let found, var network = found.network else {
            throw .words("\(service) does not say in which subnets its tasks run")
        }
        let definition = try await asking { () async throws(AWSError) in
            try await platform.ecs.describeTaskDefinition(found.taskDefinition)
        }
        guard let log = definition.log else { throw .words("\(definition.arn) has no container") }
        if let group { network.securityGroups = [try await id(ofGroup: group)] }
        // If we are killed, `timeout` ends the task in our place; otherwise StopTask is earlier.
        let limit = Int((timeout.inSeconds + Self.deadMansMargin).rounded(.up))
        let order = RunTaskOrder(
            cluster: system.cluster, taskDefinition: definition.arn, network: network,
            container: log.container,
            command: ["timeout", "\(limit)", "sh", "-c", command], environment: variables,
            startedBy: RunTaskOrder.starter(run: run), token: Self.token(run, index))
        let asked = Task { [platform] () -> Result<ECSTask, AWSError> in
            do throws(AWSError) {
                return .success(try await platform.ecs.runTask(order))
            } catch {
                return .failure(error)
            }
        }
        let task: ECSTask
        switch await asked.value {
        case .success(let started): task = started
        case .failure(let error): throw .platform(error)
        }
        return Started(arn: task.arn, id: task.id, log: log)
    }

    /// Waits until the task has stopped, and reads what it wrote. Past `end`, or cancelled, the task is stopped.
    func answer(of task: Started, until end: Nanoseconds) async throws(ProbeFault) -> CommandEnding {
        while true {
            let seen = try await look(at: task)
            if let seen, seen.lastStatus == "STOPPED" {
                return await ending(Self.end(seen), of: task)
            }
            do {
                try await clock.sleep(for: pollInterval)
            } catch {
                return CommandEnding(.cancelled, remark: await stop(task))
            }
            if clock.now >= end {
                let remark = await stop(task)
                var ending = await ending(.timedOut, of: task)
                ending.remark = remark ?? ending.remark
                return ending
            }
        }
    }

    /// A look that fails is no reason to leave the task running.
    private func look(at task: Started) async throws(ProbeFault) -> ECSTask? {
        do {
            return try await platform.ecs.describeTasks(cluster: system.cluster, [task.arn]).first
        } catch {
            guard let remark = await stop(task) else { throw .platform(error) }
            throw .words("\(error); \(remark)")
        }
    }

    static func end(_ task: ECSTask) -> CommandEnding.End {
        let reason = task.containerReason ?? task.stoppedReason ?? "no reason given"
        // The code of a container that somebody stopped is not its command's answer.
        if task.stopCode == "UserInitiated" { return .noStart("its task was stopped: \(reason)") }
        guard let code = task.exitCode else { return .noStart("its task never ran: \(reason)") }
        return .exited(code)
    }

    /// In a task of its own: it must be done although the caller was cancelled. What is left if it cannot be done; nil:
    /// nothing.
    private func stop(_ task: Started) async -> String? {
        await Task { [platform, system] () -> String? in
            do throws(AWSError) {
                try await platform.ecs.stopTask(
                    cluster: system.cluster, task: task.arn, reason: "loadchaos: the probe is over")
                return nil
            } catch {
                return "task \(task.id) could not be stopped and ends by its own timeout: \(error)"
            }
        }.value
    }

    /// With what the container wrote; where its log cannot be read, that is said, and no number is found in it.
    private func ending(_ end: CommandEnding.End, of task: Started) async -> CommandEnding {
        guard let group = task.log.group, let stream = task.log.stream(of: task.id) else {
            return CommandEnding(end, remark: "its task definition sends no log to CloudWatch")
        }
        var problem: String?
        for look in 1...Self.logLooks {
            do throws(AWSError) {
                let lines = try await platform.logs.lines(group: group, stream: stream)
                if !lines.isEmpty {
                    return CommandEnding(end, output: ProbeOutput(lines.joined(separator: "\n")))
                }
                problem = nil
            } catch {
                // The stream may not be there yet, and the next look may find it.
                problem = "its log could not be read: \(error)"
            }
            guard look < Self.logLooks else { break }
            // Cancelled: nobody waits for it.
            do { try await clock.sleep(for: pollInterval) } catch { break }
        }
        return CommandEnding(end, remark: problem)
    }

    private func id(ofGroup group: String) async throws(ProbeFault) -> String {
        if group.hasPrefix("sg-") { return group }
        let vpc = try await asking { () async throws(AWSError) in
            try await platform.elb.describeLoadBalancers(names: [system.balancer]).first?.vpc
        }
        guard let vpc else { throw .words("the balancer \(system.balancer) is not there to tell the VPC") }
        let found = try await asking { () async throws(AWSError) in
            try await platform.ec2.securityGroups(vpc: vpc, named: group)
        }
        guard let id = found.first else { throw .words("\(vpc) has no security group \"\(group)\"") }
        return id
    }

    /// The same for the same probe of the same run, so that a repeated call runs no second task.
    static func token(_ run: String, _ index: Int) -> String {
        "loadchaos-\(String(Draw.hash(run), radix: 16))-\(index)"
    }
}
