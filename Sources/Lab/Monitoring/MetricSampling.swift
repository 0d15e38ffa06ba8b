/// One sample of one metric.
struct MetricSample: Hashable, Sendable {
    let metric: MetricID
    let unit: String
    let value: Double
}

/// Turns what the machine's counters gained in a minute into the samples AWS would publish of it. Pure.
struct MetricSampling: Sendable {
    let names: ResourceNames
    /// Of the last minute's end; nil before the first.
    private var before: MachineReading?

    init(names: ResourceNames) { self.names = names }

    mutating func samples(
        of reading: MachineReading, _ state: ClusterState, _ health: [TargetHealth]?, seconds: Double
    ) -> [MetricSample] {
        defer { before = reading }
        return tasks(reading, state) + counts(state) + balancer(reading, health) + database(reading, seconds)
    }

    private func sample(
        _ namespace: String, _ name: String, _ dimensions: [(String, String)], _ unit: String, _ value: Double
    ) -> MetricSample {
        MetricSample(metric: MetricID(namespace, name, dimensions), unit: unit, value: value)
    }

    private func service(_ name: String) -> [(String, String)] {
        [("ClusterName", names.clusterName), ("ServiceName", name)]
    }

    /// One sample for each task, so that Average is the service's mean and Maximum its busiest task's.
    private func tasks(_ reading: MachineReading, _ state: ClusterState) -> [MetricSample] {
        let old = Dictionary((before?.tasks ?? []).map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        return reading.tasks.flatMap { task -> [MetricSample] in
            guard let owner = state.task(task.id), let blueprint = state.service(owner.service)?.blueprint
            else {
                return []
            }
            let allowed = task.allowed - (old[task.id]?.allowed ?? 0)
            let used = task.used - (old[task.id]?.used ?? 0)
            let memory = Double(task.memory) / Double(blueprint.memory << 20) * 100
            var samples = [
                sample("AWS/ECS", "MemoryUtilization", service(owner.service), "Percent", memory)
            ]
            if allowed > 0 {
                samples.append(
                    sample(
                        "AWS/ECS", "CPUUtilization", service(owner.service), "Percent", used / allowed * 100))
            }
            return samples
        }
    }

    private func counts(_ state: ClusterState) -> [MetricSample] {
        state.services.flatMap { one -> [MetricSample] in
            [
                ("DesiredTaskCount", one.desiredCount), ("RunningTaskCount", state.runningCount(one.name)),
                ("PendingTaskCount", state.pendingCount(one.name)),
            ].map { sample("ECS/ContainerInsights", $0.0, service(one.name), "Count", Double($0.1)) }
        }
    }

    /// Counts are of the minute; a proxy that began anew counts from nothing.
    private func balancer(_ reading: MachineReading, _ health: [TargetHealth]?) -> [MetricSample] {
        let balancer = [
            ("LoadBalancer", String(names.balancer.split(separator: "/", maxSplits: 1).last ?? ""))
        ]
        let group =
            balancer + [("TargetGroup", names.targetGroup.split(separator: ":").last.map(String.init) ?? "")]
        var samples: [MetricSample] = []
        for node in reading.nodes {
            let old = before?.nodes.first { $0.zone == node.zone }
            func gain(_ count: (MachineReading.Node) -> Int) -> Double {
                let was = old.map(count) ?? 0
                return Double(count(node) >= was ? count(node) - was : count(node))
            }
            func add(
                _ name: String, _ dimensions: [(String, String)], _ value: Double, _ unit: String = "Count"
            ) {
                samples.append(sample("AWS/ApplicationELB", name, dimensions, unit, value))
            }
            let requests = gain(\.requests)
            for dimensions in [balancer, group] {
                add("RequestCount", dimensions, requests)
                for digit in 2...5 {
                    add("HTTPCode_Target_\(digit)XX_Count", dimensions, gain { $0.targetAnswers[digit] ?? 0 })
                }
                if requests > 0 { add("TargetResponseTime", dimensions, node.responseTime, "Seconds") }
            }
            add("HTTPCode_ELB_5XX_Count", balancer, gain(\.ownErrors))
        }
        guard let health else { return samples }
        for (name, state) in [("HealthyHostCount", "healthy"), ("UnHealthyHostCount", "unhealthy")] {
            let count = health.count { $0.state == state }
            samples.append(sample("AWS/ApplicationELB", name, group, "Count", Double(count)))
        }
        return samples
    }

    private func database(_ reading: MachineReading, _ seconds: Double) -> [MetricSample] {
        guard let now = reading.database else { return [] }
        let dimensions = [("DBInstanceIdentifier", names.databaseName)]
        var samples = [
            sample("AWS/RDS", "DatabaseConnections", dimensions, "Count", Double(now.connections))
        ]
        // A fail-over or restart leaves processes behind, and their time with them: that minute says nothing.
        if let old = before?.database, old.zone == now.zone, now.used >= old.used, seconds > 0 {
            let percent = (now.used - old.used) / (seconds * now.cores) * 100
            samples.append(sample("AWS/RDS", "CPUUtilization", dimensions, "Percent", percent))
        }
        return samples
    }
}

extension ResourceNames {
    var databaseName: String { "\(project)-db" }
}
