import Foundation
import Glibc

/// The document's database: one PostgreSQL 15 with its cluster made at boot, in zone b.
struct Database: Sendable {
    let processes: ProcessTable
    let parts: Parts
    let addressing: Addressing
    let state: StateDirectory
    let network: Int32?
    let diesWithParent: Bool

    private var directory: String { state.path + "/database" }
    private var address: String { addressing.address(Topology.database) }
    private var port: Int { addressing.port(5432) }

    /// initdb, start, schema; returns the postmaster's pid when it answers queries.
    func boot() async throws(LabError) -> pid_t {
        try await processes.must(
            program(
                "initdb",
                ["-D", directory, "-U", "lab", "-A", "trust", "--no-sync", "--locale=C", "-E", "UTF8"]),
            step: "make the database's cluster")
        try state.write(settings, to: "database/postgresql.auto.conf")
        try state.append("host all all 10.0.0.0/16 trust\n", to: "database/pg_hba.conf")
        var server = program("postgres", ["-D", directory])
        server.diesWithParent = diesWithParent
        let (log, logPath) = try state.log("postgres")
        server.output = log
        let pid: pid_t
        do throws(LabError) { pid = try processes.spawn(server) } catch {
            close(log)
            throw error
        }
        close(log)
        try await ready(pid, log: logPath)
        try await processes.must(
            client("postgres", ["-c", "CREATE DATABASE items"]), step: "make the database items")
        try await processes.must(
            client("items", ["-f", "\(parts.stack)/flask-app/schema.sql"]), step: "fill the database items")
        return pid
    }

    private var settings: String {
        """
        listen_addresses = '\(address)'
        port = \(port)
        unix_socket_directories = ''
        max_connections = 100
        shared_buffers = 32MB
        tcp_user_timeout = 5000
        tcp_keepalives_idle = 5

        """
    }

    private func ready(_ pid: pid_t, log: String) async throws(LabError) {
        for _ in 0..<600 {
            guard processes.isLive(pid) else { break }
            let answer = try await processes.run(client("postgres", ["-c", "SELECT 1"]))
            if answer.status == .exited(0) { return }
            // Cancelled means the lab is going: the next question fails then.
            try? await Task.sleep(for: .milliseconds(30))
        }
        throw .bootFailed(step: "the database does not answer", log: state.tail(of: log))
    }

    private func client(_ database: String, _ arguments: [String]) -> Program {
        var client = Program(
            "\(parts.postgres)/psql",
            [
                "-X", "-q", "-h", address, "-p", "\(port)", "-U", "lab", "-d", database, "-v",
                "ON_ERROR_STOP=1",
            ] + arguments)
        client.network = network
        return client
    }

    /// PostgreSQL refuses to run as root, also where root is only the name of an ordinary user: a user
    /// namespace of its
    /// own gives it another.
    private func program(_ name: String, _ arguments: [String]) -> Program {
        var program =
            geteuid() == 0
            ? Program(
                "unshare",
                ["--user", "--map-user=1000", "--map-group=1000", "\(parts.postgres)/\(name)"] + arguments)
            : Program("\(parts.postgres)/\(name)", arguments)
        program.network = network
        return program
    }
}
