import Foundation
import Glibc

/// A lab that is up: where to reach it, and what it is. Kept in `lab.json` of the state directory.
package struct LabAddress: Codable, Hashable, Sendable {
    package struct Node: Codable, Hashable, Sendable {
        package var address: String
        /// For HTTP and for HTTPS.
        package var port: Int
        package var tlsPort: Int
        package var zone: String

        package init(address: String, port: Int, tlsPort: Int, zone: String) {
            self.tlsPort = tlsPort
            self.address = address
            self.port = port
            self.zone = zone
        }
    }

    /// The AWS-compatible API: `http://127.0.0.1:PORT`.
    package var apiURL: String
    /// The load balancer's nodes, one per zone.
    package var nodes: [Node]
    /// PEM file of the authority that vouches for the balancer's certificate; made at boot, gone with the lab.
    package var caFile: String
    package var speed: Double
    package var mode: LabMode
    /// What the mode loses against the real thing; one line each.
    package var limits: [String]
    /// The process that holds the lab up; SIGTERM takes it down.
    package var pid: Int
    /// Seconds since 1970.
    package var startedAt: Double
    /// The kind of bad lab it was told to be; nil is a good one.
    package var bad: LabFlaw?

    package init(
        apiURL: String, nodes: [Node], caFile: String, speed: Double, mode: LabMode, limits: [String],
        pid: Int,
        startedAt: Double,
        bad: LabFlaw? = nil
    ) {
        self.apiURL = apiURL
        self.nodes = nodes
        self.caFile = caFile
        self.speed = speed
        self.mode = mode
        self.limits = limits
        self.pid = pid
        self.startedAt = startedAt
        self.bad = bad
    }

    static let file = "lab.json"

    /// The lab of this user that is up and ready; nil if there is none. Throws when its file cannot be read.
    package static func current(
        in state: StateDirectory = .ofThisUser()
    ) throws(LabError) -> LabAddress? {
        guard state.isLocked else { return nil }
        let path = "\(state.path)/\(file)"
        guard access(path, F_OK) == 0 else { return nil }  // it is still booting
        do {
            return try JSONDecoder().decode(LabAddress.self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .file(operation: "read", path: path, error: EINVAL)
        }
    }

    /// What awscli, boto3 and loadchaos itself read. The lab takes any key; these are AWS's own examples.
    package var environment: [(name: String, value: String)] {
        [
            ("AWS_ENDPOINT_URL", apiURL), ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            ("AWS_REGION", "ap-south-1"),
            ("AWS_DEFAULT_REGION", "ap-south-1"),
        ]
    }

    func write(to state: StateDirectory) throws(LabError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text: String
        do { text = String(decoding: try encoder.encode(self), as: UTF8.self) } catch {
            preconditionFailure("plain values always encode: \(error)")
        }
        // A reader must never see half of it.
        try state.write(text + "\n", to: Self.file + ".new")
        guard rename("\(state.path)/\(Self.file).new", "\(state.path)/\(Self.file)") == 0 else {
            throw .file(operation: "write", path: "\(state.path)/\(Self.file)", error: errno)
        }
    }
}
