import Foundation
import Glibc
import Spawn

/// The document's database: a PostgreSQL 15 in each zone, of which one is the primary.
extension Machine: DatabasePlane {
    package nonisolated var databases: any DatabasePlane { self }

    /// Makes the first primary's cluster and starts it. The standby is a matter of the control plane: at boot as after
    /// any loss of it.
    func bootDatabase() async throws {
        // As the kernel names it, since processes are found by their working directory.
        let root = URL(filePath: state.path).resolvingSymlinksInPath().path
        for (zone, address) in Topology.databases.sorted(by: { $0.key < $1.key }) {
            instances[zone] = DatabaseInstance(
                zone: zone, address: address, network: try await network?.attach(address),
                directory: "\(root)/database-\(zone)")
        }
        let instance = try instance(Topology.firstPrimary)
        try await processes.must(
            program(
                "initdb",
                [
                    "-D", instance.directory, "-U", "lab", "-A", "trust", "--no-sync", "--locale=C", "-E",
                    "UTF8",
                ],
                instance), step: "make the database's cluster")
        try state.write(DatabaseSettings.access, to: "database-\(instance.zone)/pg_hba.conf")
        // A copy of a cluster at rest is a standby that has yet to replay everything: half a second of boot less than
        // pg_basebackup, which needs a checkpoint first.
        for other in instances.values where other.zone != instance.zone {
            try await processes.must(
                Program("cp", ["-a", instance.directory, other.directory]),
                step: "copy the database's cluster")
        }
        try await start(instance.zone, as: .primary(commitsWait: false))
        try await processes.must(
            client("postgres", ["-c", "CREATE DATABASE items"], instance), step: "make the database items")
        try await processes.must(
            client("items", ["-f", "\(parts.stack)/flask-app/schema.sql"], instance),
            step: "fill the database items")
    }

    func instance(_ zone: String) throws(LabError) -> DatabaseInstance {
        guard let instance = instances[zone] else {
            throw .bootFailed(step: "no database instance in \(zone)", log: "")
        }
        return instance
    }

    // MARK: Starting and ending

    /// Starts the postmaster and waits until it takes connections.
    func start(_ zone: String, as role: DatabaseSettings.Role) async throws(LabError) {
        let instance = try instance(zone)
        try configure(instance, as: role)
        let signal = "\(instance.directory)/standby.signal"
        if case .standby = role {
            try state.write("", to: "database-\(zone)/standby.signal")
            instances[zone]?.mayDiverge = false
        } else {
            unlink(signal)  // not there on a primary that was none before
            instances[zone]?.mayDiverge = true
        }
        var server = program("postgres", ["-D", instance.directory], instance)
        server.cgroups = try slowDown(instance)
        let pid = try spawn(server, log: instance.log)
        instances[zone]?.pid = pid
        if frozen.contains(zone) { processes.signal(pid, SIGSTOP) }
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end, processes.isLive(pid) {
            if await ask(zone, "SELECT 1", patience: .seconds(1)) != nil { return }
            // Cancelled means the lab is going: the next question fails then.
            try? await Task.sleep(for: .milliseconds(50))
        }
        throw .bootFailed(
            step: "the database in \(zone) does not answer",
            log: state.tail(of: "\(state.path)/logs/\(instance.log).log"))
    }

    /// vCPUs of the instance: a db.t3.micro has two.
    var databaseCPUs: Double { flaw == .slowDatabase ? 0.1 : 2 }

    /// The files by which a server enters the limit that the flaw `slow-database` gives it; else none.
    private func slowDown(_ instance: DatabaseInstance) throws(LabError) -> [String] {
        guard flaw == .slowDatabase, let quotas else { return [] }
        let files = try quotas.add(instance.log)
        let quota = CPUQuotas.quotaMicroseconds(
            cpu: Int(databaseCPUs * 1024), coresPerVCPU: coreSpeed.coresPerVCPU)
        guard quotas.limit(instance.log, quota: quota) else {
            throw .bootFailed(step: "the database cannot be made slow", log: "")
        }
        return files
    }

    private func configure(_ instance: DatabaseInstance, as role: DatabaseSettings.Role) throws(LabError) {
        let settings = DatabaseSettings(
            address: addressing.address(instance.address), port: addressing.port(5432), role: role, flaw: flaw
        )
        // A server that reads it while it is written would refuse half of it.
        try state.write(settings.text, to: "database-\(instance.zone)/lab.conf")
        let (made, wanted) = ("\(instance.directory)/lab.conf", "\(instance.directory)/postgresql.auto.conf")
        guard rename(made, wanted) == 0 else { throw .file(operation: "replace", path: wanted, error: errno) }
    }

    package func fenceDatabase(_ zone: String) async throws {
        let instance = try instance(zone)
        for _ in 0..<400 {
            if let pid = instance.pid { processes.signal(pid, SIGKILL) }
            let left = DatabaseInstance.processes(in: instance.directory)
            for pid in left { kill(pid, SIGKILL) }
            // The postmaster must have been reaped: a zombie keeps its lock file "in use".
            if left.isEmpty, !runs(instance) { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw LabError.bootFailed(step: "the database in \(zone) does not end", log: "")
    }

    package func stopDatabase(_ zone: String) async throws {
        let instance = try instance(zone)
        if let pid = instance.pid, processes.isLive(pid) {
            processes.signal(pid, SIGINT)  // PostgreSQL's fast shutdown
            let end = ContinuousClock.now + .seconds(10)
            while processes.isLive(pid), ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        try await fenceDatabase(zone)
    }

    package func restartDatabase(_ zone: String) async throws {
        try await stopDatabase(zone)
        try await start(zone, as: .primary(commitsWait: false))
    }

    // MARK: Roles

    package func setCommitsWait(_ wait: Bool, at primary: String) async throws {
        let instance = try instance(primary)
        try configure(instance, as: .primary(commitsWait: wait))
        // A signal needs no connection, and no server that still answers.
        if let pid = instance.pid { processes.signal(pid, SIGHUP) }
    }

    package func promoteDatabase(_ zone: String) async throws {
        let instance = try instance(zone)
        guard let pid = instance.pid, processes.isLive(pid) else {
            throw LabError.bootFailed(step: "the standby in \(zone) does not run", log: "")
        }
        instances[zone]?.mayDiverge = true
        // What `pg_ctl promote` does.
        try state.write("", to: "database-\(zone)/promote")
        processes.signal(pid, SIGUSR1)
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end, processes.isLive(pid) {
            if await ask(zone, "SELECT pg_is_in_recovery()", patience: .seconds(1)) == ["f"] {
                // Until its next checkpoint pg_rewind would take the new timeline for the old one.
                _ = await ask(zone, "CHECKPOINT", patience: .seconds(20))
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw LabError.bootFailed(
            step: "the standby in \(zone) was not promoted",
            log: state.tail(of: "\(state.path)/logs/\(instance.log).log"))
    }

    package func joinStandby(_ zone: String, to primary: String, fresh: Bool) async throws {
        try await fenceDatabase(zone)
        let (instance, source) = (try instance(zone), try instance(primary))
        let isCopied = fresh || access("\(instance.directory)/PG_VERSION", F_OK) != 0
        if isCopied {
            try await copy(source, to: instance)
        } else if instance.mayDiverge {
            do { try await rewind(instance, to: source) } catch { try await copy(source, to: instance) }
        }
        try await start(zone, as: .standby(of: addressing.address(source.address)))
    }

    private func copy(_ source: DatabaseInstance, to instance: DatabaseInstance) async throws(LabError) {
        // Not there the first time; what cannot be removed pg_basebackup refuses, with its name.
        try? FileManager.default.removeItem(atPath: instance.directory)
        try await processes.must(
            program(
                "pg_basebackup",
                [
                    "-D", instance.directory, "-X", "stream", "-c", "fast", "--no-sync", "--no-manifest",
                    "-d",
                    DatabaseSettings.link(
                        to: addressing.address(source.address), port: addressing.port(5432)),
                ], instance), step: "copy the primary to the standby in \(instance.zone)")
    }

    private func rewind(_ instance: DatabaseInstance, to source: DatabaseInstance) async throws(LabError) {
        // Its recovery from the crash, done by pg_rewind, must run it as the primary it was.
        unlink("\(instance.directory)/standby.signal")
        let link = DatabaseSettings.link(to: addressing.address(source.address), port: addressing.port(5432))
        try await processes.must(
            program(
                "pg_rewind",
                ["-D", instance.directory, "--no-sync", "--source-server", "\(link) dbname=postgres"],
                instance),
            step: "rewind the old primary in \(instance.zone)")
    }
}

/// Running PostgreSQL's programs.
extension Machine {
    /// PostgreSQL refuses to run as root, also where root is only the name of an ordinary user: a user namespace of
    /// its own gives it another.
    func program(_ name: String, _ arguments: [String], _ instance: DatabaseInstance) -> Program {
        var program =
            geteuid() == 0
            ? Program(
                "unshare",
                ["--user", "--map-user=1000", "--map-group=1000", "\(parts.postgres)/\(name)"] + arguments)
            : Program("\(parts.postgres)/\(name)", arguments)
        program.network = instance.network
        return program
    }

    func client(_ database: String, _ arguments: [String], _ instance: DatabaseInstance) -> Program {
        var client = Program(
            "\(parts.postgres)/psql",
            [
                "-X", "-q", "-h", addressing.address(instance.address), "-p", "\(addressing.port(5432))",
                "-U", "lab",
                "-d", database, "-v", "ON_ERROR_STOP=1",
            ] + arguments)
        client.network = instance.network
        return client
    }
}
