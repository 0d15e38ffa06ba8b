import Foundation
import Glibc
import Logging
import Spawn

private let logger = Logger(label: "lab.machine")

/// The names that resolve inside the lab: the machine's own /etc/hosts and the database's endpoint, which leads to the
/// primary. A file of the lab's, laid over /etc/hosts in its own mount namespace; on loopback there is none.
extension Machine {
    func name(endpoint: String) async {
        guard mode.hasNamespaces else { return }
        do {
            endpointName = (endpoint, try String(contentsOfFile: "/etc/hosts", encoding: .utf8))
            try writeHosts()
            try await processes.must(
                Program("mount", ["--bind", "\(state.path)/hosts", "/etc/hosts"]),
                step: "lay the lab's names out")
        } catch {
            // The application itself goes by Service Connect; only commands run by hand miss the name.
            logger.error("\(endpoint) does not resolve in the lab's tasks: \(error)")
        }
    }

    /// Rewritten in place: the mount holds the file, not its name.
    func writeHosts() throws(LabError) {
        guard let endpointName, let address = Topology.databases[databaseZone] else { return }
        try state.write("\(endpointName.own)\n\(address) \(endpointName.name)\n", to: "hosts")
        chmod("\(state.path)/hosts", 0o644)
    }
}
