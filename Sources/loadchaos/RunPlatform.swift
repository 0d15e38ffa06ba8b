import AWS
import Foundation
import HTTP
import History
import Lab
import Load
import Plan

/// What lab a run asks for; nil: any.
struct LabChoice {
    var mode: LabMode?
    var flaw: LabFlaw?
}

/// Where a run takes place: the load's address, and the control plane behind it if there is one.
struct RunPlatform {
    var target: LoadTarget
    var aws: AWSPlatform?
    var environment: RunRecord.Environment
    /// The variables by which commands find the platform: a `shell` probe, or awscli in it.
    var surroundings: [String: String] {
        (aws?.configuration.surroundings ?? [:]).merging(["TARGET_URL": target.baseURL]) { $1 }
    }
    /// The lab that this run has started and takes down again.
    var ownLab: LabProcess?

    /// An interruption ends the wait for a lab that starts, and takes it down.
    static func open(
        _ place: PlaceOptions, plan: Plan, seed: UInt64, until interruption: Interruption
    ) async throws -> RunPlatform {
        let (lab, connection) = (place.lab, place.connection.settings)
        let opening = Task { [on = place.on] in
            switch on {
            case .lab: return try await onLab(plan, lab, seed: seed)
            case .aws:
                var platform = try await onAWS(plan, seed: seed, ProcessInfo.processInfo.environment)
                platform.target.connection = connection
                return platform
            case .url(var target):
                target.connection = connection
                return try onURL(target, plan)
            }
        }
        interruption.handle { _, _ in opening.cancel() }
        return try await opening.value
    }

    private static func onLab(_ plan: Plan, _ lab: LabChoice, seed: UInt64) async throws -> RunPlatform {
        var own: LabProcess?
        let address: LabAddress
        if let running = try LabAddress.current() {
            guard running.speed == plan.speed else {
                throw CommandProblem(
                    .usage,
                    """
                    the lab that is up runs at speed \(running.speed), the scenario at \(plan.speed)
                      either: add --speed \(running.speed)
                      or:     loadchaos lab down
                    """)
            }
            if let mode = lab.mode, mode != running.mode {
                throw CommandProblem(
                    .usage,
                    "the lab that is up is in mode \(running.mode.rawValue); first: loadchaos lab down")
            }
            if let flaw = lab.flaw, flaw != running.bad {
                throw CommandProblem(
                    .usage, "the lab that is up is not \(flaw.rawValue); first: loadchaos lab down")
            }
            address = running
        } else {
            Terminal.note("starting a lab at speed \(plan.speed)")
            let started = try await LabProcess.start(
                LabSettings(speed: plan.speed, mode: lab.mode, seed: seed, flaw: lab.flaw))
            (own, address) = (started, started.address)
        }
        guard let first = address.nodes.first else {
            throw CommandProblem(.unreachable, "the lab has no balancer node; see 'loadchaos lab status'")
        }
        let isSecure = plan.transport != nil
        var target = LoadTarget(
            scheme: isSecure ? "https" : "http", host: first.address,
            port: isSecure ? first.tlsPort : first.port, addresses: address.nodes.map(\.address))
        if isSecure { target.connection.authorities = address.caFile }
        let region = plan.system?.region ?? "ap-south-1"
        return RunPlatform(
            target: target,
            aws: AWSPlatform(configuration: .lab(endpoint: address.apiURL, region: region, seed: seed)),
            environment: Machine.environment(
                platform: "lab",
                targets: address.nodes.map { "\(target.scheme)://\($0.address):\(target.port)" },
                labMode: address.mode.rawValue, labLimits: address.limits),
            ownLab: own)
    }

    private static func onAWS(
        _ plan: Plan, seed: UInt64, _ environment: [String: String]
    ) async throws -> RunPlatform {
        guard plan.speed == 1 else {
            throw CommandProblem(.usage, "--speed \(plan.speed): AWS cannot be sped up; give --speed 1")
        }
        guard let system = plan.system else {
            throw CommandProblem(
                .badScenario, "a run on AWS needs a system: add `use \"….system\"` to the scenario")
        }
        let aws = AWSPlatform(
            configuration: try .fromEnvironment(environment, region: system.region, seed: seed))
        guard let balancer = try await aws.elb.describeLoadBalancers(names: [system.balancer]).first else {
            throw CommandProblem(.unreachable, "no load balancer '\(system.balancer)' in \(system.region)")
        }
        let target =
            plan.transport != nil
            ? LoadTarget(scheme: "https", host: balancer.dnsName, port: 443)
            : LoadTarget(scheme: "http", host: balancer.dnsName, port: 80)
        return RunPlatform(
            target: target, aws: aws,
            environment: Machine.environment(platform: "aws", targets: [target.baseURL]))
    }

    private static func onURL(_ target: LoadTarget, _ plan: Plan) throws -> RunPlatform {
        guard plan.speed == 1 else {
            throw CommandProblem(.usage, "speed \(plan.speed): only the lab can be sped up; give --speed 1")
        }
        if let transport = plan.transport, target.scheme != "https" {
            throw CommandProblem(
                .usage,
                "the scenario says `over \(transport.rawValue)`, which goes by TLS; the URL \(target.baseURL) does not"
            )
        }
        if let fault = plan.faults.first {
            throw CommandProblem(
                .usage,
                "\(fault.name): a URL has no control plane to inject faults through; use --on lab or --on aws"
            )
        }
        if let alarm = plan.stoppingAlarms.first {
            throw CommandProblem(
                .usage, "alarm \(alarm): a URL has no CloudWatch; use --on lab or --on aws")
        }
        if let probe = plan.probes.first(where: { $0.service != nil }) {
            throw CommandProblem(
                .usage,
                "probe \"\(probe.name)\": a URL has no tasks to run it in; use `shell`, or --on lab or --on aws"
            )
        }
        return RunPlatform(
            target: target, aws: nil,
            environment: Machine.environment(platform: "url", targets: [target.baseURL]))
    }
}

extension LoadTarget {
    var baseURL: String { "\(scheme)://\(authority)" }
}
