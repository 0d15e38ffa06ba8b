import Glibc

/// Looking at the two instances, each from the other's subnet.
extension Machine {
    /// How long an answer may take before the instance counts as silent for this look.
    static let databasePatience = Duration.milliseconds(500)

    package func lookAtDatabase(primary: String, standby: String) async -> DatabaseReading {
        tellNewcomers()
        let before = (instances[primary].map(runs) ?? false, instances[standby].map(runs) ?? false)
        async let replication = before.0 ? question(primary, from: standby, Self.replicationState) : nil
        async let life = before.1 ? question(standby, from: primary, "SELECT 1") : nil
        let (said, alive) = (await replication, await life != nil)
        var reading = DatabaseReading(
            primary: .init(runs: before.0, answers: said != nil),
            standby: .init(runs: before.1, answers: alive),
            replication: Self.replication(said ?? []))
        if said == nil || !alive {
            async let first = isCutOff(primary)
            async let second = isCutOff(standby)
            (reading.primary.isCutOff, reading.standby.isCutOff) = (await first, await second)
        }
        return reading
    }

    package func databaseVersion(_ zone: String) async -> String? {
        // `15.18 (Debian 15.18-0+deb12u1)`
        await ask(zone, "SHOW server_version", patience: Self.databasePatience)?.first?
            .split(separator: " ").first.map(String.init)
    }

    func runs(_ instance: DatabaseInstance) -> Bool { instance.pid.map(processes.isLive) ?? false }

    static let replicationState = """
        SELECT state || ' ' || sync_state FROM pg_stat_replication \
        WHERE application_name = '\(DatabaseSettings.standby)'
        """

    /// `streaming sync`, `catchup async`; several rows while an old connection is not given up yet.
    static func replication(_ rows: [String]) -> DatabaseReading.Replication {
        if rows.contains("streaming sync") { return .synchronous }
        if rows.contains(where: { $0.hasPrefix("streaming ") }) { return .streaming }
        return rows.isEmpty ? .none : .catchingUp
    }

    /// Over a session that is kept, and opened anew after each silence. nil: no answer.
    private func question(_ zone: String, from other: String, _ statement: String) async -> [String]? {
        let kept = instances[zone]?.session
        let place = (instances[other]?.network, addressing.address(instances[zone]?.address ?? ""))
        let port = addressing.port(5432)
        let (session, answer) = await aside { () -> (PostgresSession?, [String]?) in
            var session = kept
            do throws(PostgresSession.Problem) {
                if session == nil {
                    session = try PostgresSession.open(
                        network: place.0, address: place.1, port: port, patience: Self.databasePatience)
                }
                return (session, try session?.ask(statement, patience: Self.databasePatience))
            } catch {
                // Silence is what was asked about. A late answer must not be taken for the next one's.
                session?.close()
                return (nil, nil)
            }
        }
        instances[zone]?.session = session
        return answer
    }

    /// One question from the instance's own network, as its own administrator.
    func ask(_ zone: String, _ statement: String, patience: Duration) async -> [String]? {
        guard let instance = instances[zone] else { return nil }
        let (address, port) = (addressing.address(instance.address), addressing.port(5432))
        return await aside {
            do throws(PostgresSession.Problem) {
                let session = try PostgresSession.open(
                    network: instance.network, address: address, port: port, patience: patience)
                defer { session.close() }
                return try session.ask(statement, patience: patience)
            } catch {
                return nil  // whoever asks tries again, or says what it waited for
            }
        }
    }

    /// Whether an instance's subnet is cut from the rest of the VPC: then its own gateway says nothing either.
    private func isCutOff(_ zone: String) async -> Bool {
        guard let instance = instances[zone], let network = instance.network,
            let subnet = Topology.subnet(of: instance.address)
        else { return frozen.contains(zone) }
        let gateway = Topology.gateway(of: subnet)
        // A port nobody listens on: a refusal is the sign of life that costs least.
        return await aside {
            !PatientSocket.answers(
                network: network, address: gateway, port: 9, until: .now + .milliseconds(250))
        }
    }

    private func tellNewcomers() {
        guard !isTellingEndpoint, tasks.values.contains(where: lacksEndpoint) else { return }
        Task { await tellEndpoint() }
    }
}
