import AWS
import History
import Plan

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
        var placement = try await asking { () async throws(AWSError) in
            try await platform.ecs.placement(cluster: system.cluster, service: service)
        }
        let log = try await asking { () async throws(AWSError) in
            try await platform.ecs.containerLog(definition: placement.taskDefinition)
        }
        if let group { placement.securityGroups = [try await id(ofGroup: group)] }
        // If we are killed, `timeout` ends the task in our place; otherwise StopTask is earlier.
        let limit = Int((timeout.inSeconds + Self.deadMansMargin).rounded(.up))
        let order = RunTaskOrder(
            cluster: system.cluster, placement: placement, container: log.container,
            command: ["timeout", "\(limit)", "sh", "-c", command], environment: variables,
            startedBy: Self.startedBy(run), token: Self.token(run, index))
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
                return CommandEnding(Self.end(seen), output: await output(of: task))
            }
            do {
                try await clock.sleep(for: pollInterval)
            } catch {
                await stop(task)
                return CommandEnding(.cancelled)
            }
            if clock.now >= end {
                await stop(task)
                return CommandEnding(.timedOut, output: await output(of: task))
            }
        }
    }

    /// A look that fails is no reason to leave the task running.
    private func look(at task: Started) async throws(ProbeFault) -> TaskOutcome? {
        do {
            return try await platform.ecs.outcome(cluster: system.cluster, task: task.arn)
        } catch {
            await stop(task)
            throw .platform(error)
        }
    }

    static func end(_ task: TaskOutcome) -> CommandEnding.End {
        let reason = task.containerReason ?? task.stoppedReason ?? "no reason given"
        // The code of a container that somebody stopped is not its command's answer.
        if task.stopCode == "UserInitiated" { return .noStart("its task was stopped: \(reason)") }
        guard let code = task.exitCode else { return .noStart("its task never ran: \(reason)") }
        return .exited(code)
    }

    /// In a task of its own: it must be done although the caller was cancelled.
    private func stop(_ task: Started) async {
        await Task { [platform, system] in
            // Not stopped, it ends by its own `timeout`; the record says already that it has no answer.
            _ = try? await platform.ecs.stopTask(
                cluster: system.cluster, task: task.arn, reason: "loadchaos: the probe is over")
        }.value
    }

    /// What the container wrote; empty where its log cannot be read, and then no number is found in it.
    private func output(of task: Started) async -> ProbeOutput {
        guard let group = task.log.group, let stream = task.log.stream(of: task.id) else { return ProbeOutput() }
        for look in 1...Self.logLooks {
            // A stream that is not there yet is an error of the API, and the next look may find it.
            if let lines = try? await platform.logs.lines(group: group, stream: stream), !lines.isEmpty {
                return ProbeOutput(lines.joined(separator: "\n"))
            }
            guard look < Self.logLooks else { break }
            do { try await clock.sleep(for: pollInterval) } catch { break }  // Cancelled: nobody waits for it.
        }
        return ProbeOutput()
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

    /// ECS takes letters, digits, `-`, `/` and `_`, at most 128.
    static func startedBy(_ run: String) -> String {
        let safe = run.unicodeScalars.map { $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0) ? $0 : "-" }
        return "loadchaos/" + String(String.UnicodeScalarView(safe.prefix(110)))
    }

    /// The same for the same probe of the same run, so that a repeated call runs no second task.
    static func token(_ run: String, _ index: Int) -> String {
        "loadchaos-\(String(Draw.hash(run), radix: 16))-\(index)"
    }
}
