import Foundation
import Glibc

/// One of the two PostgreSQL servers: where it lives and what runs.
struct DatabaseInstance: Sendable {
    let zone: String
    /// As the document has it.
    let address: String
    /// Its network namespace; nil on loopback.
    let network: Int32?
    let directory: String
    /// The postmaster; nil before its first start.
    var pid: pid_t?
    /// It has been a primary since it last followed one, so it may hold what the other one never got.
    var mayDiverge = false
    /// The session from which it is looked at: it comes from the other instance's network.
    var session: PostgresSession?

    /// Its log among the lab's.
    var log: String { "postgres-\(zone)" }

    /// All its processes, also those whose postmaster has gone: PostgreSQL's processes work in the data directory.
    static func processes(in directory: String) -> [pid_t] {
        // Without /proc there are none to be seen; who fences asks until the postmaster has ended, too.
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.filter { pid in
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let length = readlink("/proc/\(pid)/cwd", &buffer, buffer.count)
            guard length > 0 else { return false }
            return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
                == directory
        }
    }
}

/// What an instance is told before it starts: `postgresql.auto.conf`, written whole each time.
struct DatabaseSettings: Sendable {
    enum Role: Hashable, Sendable {
        case primary(commitsWait: Bool)
        /// Follows the primary at this address.
        case standby(of: String)
    }

    /// The name the standby gives itself, and commits wait for.
    static let standby = "standby"

    let address: String
    let port: Int
    let role: Role
    let flaw: LabFlaw?

    /// `wal_log_hints` lets pg_rewind bring an old primary back; the kept WAL stands in for replication slots, which
    /// would fill the disk for as long as a standby is lost. Time limits are real: TCP's are, too.
    var text: String {
        var lines = [
            "listen_addresses = '\(address)'", "port = \(port)", "unix_socket_directories = ''",
            "max_connections = 100", "shared_buffers = 32MB", "tcp_user_timeout = 5000",
            "tcp_keepalives_idle = 5",
            "wal_level = replica", "wal_log_hints = on", "hot_standby = on",
            // A server stays under a gigabyte: its folder may be in memory.
            "wal_keep_size = 256MB", "max_wal_size = 256MB",
            "wal_sender_timeout = 5s", "wal_receiver_timeout = 5s", "wal_receiver_status_interval = 1s",
            "wal_retrieve_retry_interval = 200ms",
        ]
        switch role {
        case .primary(let wait):
            lines.append("synchronous_standby_names = '\(wait ? Self.standby : "")'")
        case .standby(let primary):
            let link = Self.link(to: primary, port: port)
            lines.append("primary_conninfo = '\(link) application_name=\(Self.standby)'")
        }
        if flaw == .asyncStandby { lines += ["synchronous_commit = off", "wal_writer_delay = 2s"] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Also for pg_basebackup and pg_rewind: a peer that went without a word must not hold them for minutes.
    static func link(to address: String, port: Int) -> String {
        "host=\(address) port=\(port) user=lab connect_timeout=3 tcp_user_timeout=5000 "
            + "keepalives_idle=3 keepalives_interval=1 keepalives_count=3"
    }

    /// Everybody in the VPC, and the lab itself, may log in; who gets that far is the security group's business.
    static let access = """
        host all all 10.0.0.0/16 trust
        host all all 127.0.0.0/8 trust
        host replication all 10.0.0.0/16 trust
        host replication all 127.0.0.0/8 trust

        """
}
