import AWS
package import History

/// What a snapshot counts to: the values of all samples, by what they are about.
package struct PlatformCounts: Hashable, Sendable {
    package struct Key: Hashable, Sendable {
        package var metric: PlatformSample.Metric
        package var service: String
        /// nil: all zones together.
        package var zone: String?

        package init(_ metric: PlatformSample.Metric, _ service: String, zone: String? = nil) {
            self.metric = metric
            self.service = service
            self.zone = zone
        }
    }

    /// In a fixed order: services as they come, then metrics, then zones.
    package private(set) var values: [(key: Key, value: Int)] = []

    package static func == (a: PlatformCounts, b: PlatformCounts) -> Bool {
        a.values.elementsEqual(b.values) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        for (key, value) in values {
            hasher.combine(key)
            hasher.combine(value)
        }
    }

    package subscript(key: Key) -> Int? { values.first { $0.key == key }?.value }

    /// Every zone has its row, also with 0 in it. The balanced service is healthy where the balancer says so; of the
    /// others the tasks' own health counts.
    package init(_ snapshot: Snapshot, zones: [String], balanced: String) {
        for service in snapshot.services {
            let name = service.name
            let tasks = snapshot.tasks.filter { $0.service == name }
            values.append((Key(.desiredTasks, name), service.desired))
            // ECS's own words: "(service x) rolling back to deployment ecs-svc/1."
            let rollbacks = service.events.count { $0.message.contains("rolling back to deployment") }
            if rollbacks > 0 { values.append((Key(.rollbacks, name), rollbacks)) }
            put(.runningTasks, name, total: service.running, zones) { zone in
                tasks.count { $0.lastStatus == "RUNNING" && $0.zone == zone }
            }
            put(.pendingTasks, name, total: service.pending, zones) { zone in
                tasks.count { $0.isPending && $0.zone == zone }
            }
            if name == balanced, !service.targetGroups.isEmpty {
                let healthy = snapshot.targets.filter { $0.state == "healthy" }
                put(.healthyTasks, name, total: healthy.count, zones) { zone in
                    healthy.count { Self.zone(of: $0, tasks) == zone }
                }
            } else {
                // UNKNOWN means no health check, unless a sister task shows that there is one.
                let isChecked = tasks.contains { $0.healthStatus != "UNKNOWN" }
                let healthy = tasks.filter { task in
                    task.isRunning && (task.healthStatus == "HEALTHY" || !isChecked)
                }
                put(.healthyTasks, name, total: healthy.count, zones) { zone in
                    healthy.count { $0.zone == zone }
                }
            }
        }
    }

    private mutating func put(
        _ metric: PlatformSample.Metric, _ service: String, total: Int, _ zones: [String],
        _ count: (String) -> Int
    ) {
        values.append((Key(metric, service), total))
        for zone in zones { values.append((Key(metric, service, zone: zone), count(zone))) }
    }

    /// As the balancer says, or by the task behind the address.
    private static func zone(of target: TargetHealth, _ tasks: [Snapshot.Task]) -> String? {
        if let zone = target.zone, zone != "all" { return zone }
        return tasks.first { $0.address == target.id }?.zone
    }
}
