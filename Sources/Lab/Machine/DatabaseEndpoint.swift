import Logging

private let logger = Logger(label: "lab.machine")

/// The database's endpoint as a task sees it: one address, behind which both instances stand, and one of them is on.
///
/// It is a name and no check: as with RDS it leads to the primary whether that answers or not, until a fail-over is
/// complete.
struct DatabaseEndpoint: Sendable {
    let addressing: Addressing

    /// The task's own TCP settings end at the sidecar, so the two seconds they allow are repeated here.
    func listener(at local: String, leadingTo zone: String) -> String {
        let port = addressing.port(5432)
        let servers = Topology.databases.sorted { $0.key < $1.key }.map {
            "    server \($0.key) \(addressing.address($0.value)):\(port) tcp-ut 2s"
                + ($0.key == zone ? "" : " disabled")
        }
        return """
            listen database
                mode tcp
                timeout client 1h
                timeout server 1h
                timeout connect 2s
                bind \(local):\(port) tcp-ut 2s
            \(servers.joined(separator: "\n"))

            """
    }

    /// Sessions must be cut: pools would keep those with an instance that is a standby now, or dead without a word.
    static func leading(to zone: String) -> [String] {
        Topology.databases.keys.filter { $0 != zone }.sorted().flatMap {
            ["disable server database/\($0)", "shutdown sessions server database/\($0)"]
        } + ["enable server database/\(zone)"]
    }
}

/// Telling every sidecar where the endpoint leads, and telling it again until it has heard.
extension Machine {
    package func pointEndpoint(at zone: String) async {
        databaseZone = zone
        do { try writeHosts() } catch {
            logger.error("the endpoint's name still leads to the old primary: \(error)")
        }
        await tellEndpoint()
    }

    /// Tells those that do not know yet: tasks that started meanwhile, sidecars that hung or were frozen.
    func tellEndpoint() async {
        isTellingEndpoint = true
        defer { isTellingEndpoint = false }
        let zone = databaseZone
        let commands = DatabaseEndpoint.leading(to: zone)
        await withTaskGroup(of: TaskID?.self) { group in
            for task in tasks.values where lacksEndpoint(task) {
                guard let socket = task.sidecarSocket else { continue }
                group.addTask {
                    do { _ = try await socket.ask(commands) } catch {
                        return nil  // it ends, or hangs; the next look tells it again
                    }
                    return task.launch.id
                }
            }
            for await id in group { if let id { tasks[id]?.databaseZone = zone } }
        }
    }

    func lacksEndpoint(_ task: RunningTask) -> Bool {
        Sidecar.usesDatabase(task.launch.service) && task.databaseZone != databaseZone && !task.isStopping
            && !frozen.contains(task.launch.zone)
    }
}
