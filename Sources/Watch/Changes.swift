import AWS
package import History
package import Plan

/// What is new in a snapshot against the one before: pure, so that a table can test it.
package enum Changes {
    /// Entries in the order counts, tasks, targets, nodes, database, service log. Without an `old` all counts are new,
    /// and only what stands out is an event.
    package static func between(
        _ old: Snapshot?, _ new: Snapshot, at time: Nanoseconds, zones: [String], balanced: String
    ) -> [Entry] {
        let events =
            taskEvents(old, new) + targetEvents(old, new) + nodeEvents(old, new) + databaseEvents(old, new)
            + logEvents(old, new)
        return samples(old, new, time, zones, balanced)
            + events.map { .event(Event(at: time, kind: .platform, subject: $0.subject, text: $0.text)) }
    }

    private typealias Line = (subject: String, text: String)

    private static func samples(
        _ old: Snapshot?, _ new: Snapshot, _ time: Nanoseconds, _ zones: [String], _ balanced: String
    ) -> [Entry] {
        let before = old.map { PlatformCounts($0, zones: zones, balanced: balanced) }
        return PlatformCounts(new, zones: zones, balanced: balanced).values
            .filter { before?[$0.key] != $0.value }
            .map { key, value in
                .platform(
                    PlatformSample(
                        at: time, metric: key.metric, service: key.service, zone: key.zone,
                        value: Double(value)))
            }
    }

    private static func taskEvents(_ old: Snapshot?, _ new: Snapshot) -> [Line] {
        guard let old else { return [] }
        var lines: [Line] = []
        for task in new.tasks {
            let before = old.tasks.first { $0.id == task.id }
            let place = task.zone.map { " in \($0)" } ?? ""
            let name = "task \(task.id.prefix(8))\(place)"
            let why = task.stoppedReason.map { ": \($0)" } ?? ""
            if task.isRunning, before?.isRunning != true { lines.append((task.service, "\(name) started")) }
            if task.desiredStatus == "STOPPED", before?.desiredStatus == "RUNNING" {
                lines.append((task.service, "\(name) is being stopped\(why)"))
            }
            if task.lastStatus == "STOPPED", let before, before.lastStatus != "STOPPED" {
                lines.append((task.service, "\(name) stopped\(why)"))
            }
            if task.isRunning, let before, before.isRunning, before.healthStatus != task.healthStatus {
                lines.append((task.service, "\(name) is \(task.healthStatus)"))
            }
        }
        return lines
    }

    private static func targetEvents(_ old: Snapshot?, _ new: Snapshot) -> [Line] {
        guard let old else { return [] }
        var lines: [Line] = []
        for target in new.targets {
            let name = "\(target.id):\(target.port)"
            let before = old.targets.first { $0.id == target.id && $0.port == target.port }
            let reason = target.reason.map { " (\($0))" } ?? ""
            guard let before else {
                lines.append(("target \(name)", "registered, \(target.state)\(reason)"))
                continue
            }
            if before.state != target.state {
                lines.append(("target \(name)", "\(before.state) → \(target.state)\(reason)"))
            }
        }
        for target in old.targets
        where !new.targets.contains(where: { $0.id == target.id && $0.port == target.port }) {
            lines.append(("target \(target.id):\(target.port)", "deregistered"))
        }
        return lines
    }

    private static func nodeEvents(_ old: Snapshot?, _ new: Snapshot) -> [Line] {
        guard let old, old.nodes != new.nodes else { return [] }
        func words(_ nodes: [String]) -> String { nodes.isEmpty ? "none" : nodes.joined(separator: ", ") }
        return [("balancer", "nodes \(words(old.nodes)) → \(words(new.nodes))")]
    }

    /// What RDS tells, then what can be seen of it. A look may find several events at once, even alike ones.
    private static func databaseEvents(_ old: Snapshot?, _ new: Snapshot) -> [Line] {
        guard let before = old?.database, let now = new.database else { return [] }
        let subject = "database \(now.instance.name)"
        let known = Set(before.events)
        var lines = now.events.filter { !known.contains($0) }.map { (subject, $0.message) }
        if before.instance.status != now.instance.status {
            lines.append((subject, "\(before.instance.status) → \(now.instance.status)"))
        }
        if before.instance.zone != now.instance.zone {
            let zones = [before, now].map { $0.instance.zone ?? "no zone" }
            lines.append((subject, "its primary moved from \(zones[0]) to \(zones[1])"))
        }
        return lines
    }

    /// The services' own logs, oldest first. What was there at the first look is history of before the run.
    private static func logEvents(_ old: Snapshot?, _ new: Snapshot) -> [Line] {
        guard let old else { return [] }
        var lines: [Line] = []
        for service in new.services {
            let known = Set((old.services.first { $0.name == service.name }?.events ?? []).map(\.id))
            for event in service.events.reversed() where !known.contains(event.id) {
                lines.append((service.name, event.message))
            }
        }
        return lines
    }
}
