import Foundation
import Spawn

/// The balancer's certificate, and the authority that signed it: made at each boot by openssl, in a few milliseconds.
///
/// The authority's key is thrown away at once, so nothing else can ever be signed by it.
struct Certificate: Sendable {
    /// In the state directory: what clients must trust.
    static let authority = "tls/ca.pem"
    static let node = "tls/alb.pem"

    let processes: ProcessTable
    let state: StateDirectory

    /// Returns the file with certificate and key, as HAProxy wants it.
    func make(addresses: [String]) async throws(LabError) -> String {
        let folder = "\(state.path)/tls"
        try state.write(Self.settings(addresses), to: "tls/openssl.cnf")
        try await sign("ca", "loadchaos lab CA", [])
        try await sign(
            "node", "ecs-microservices-alb", ["-CA", "\(folder)/ca.pem", "-CAkey", "\(folder)/ca.key"])
        let both: String
        do {
            both = try ["node.pem", "node.key"].map {
                try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
            }
            .joined()
            for name in ["ca.key", "node.pem", "node.key"] {
                try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            }
        } catch {
            throw .bootFailed(step: "read the balancer's certificate", log: "\(error)")
        }
        try state.write(both, to: Self.node)
        return "\(state.path)/\(Self.node)"
    }

    private func sign(_ name: String, _ subject: String, _ signer: [String]) async throws(LabError) {
        let folder = "\(state.path)/tls"
        try await processes.must(
            Program(
                "openssl",
                ["req", "-x509"] + signer + [
                    "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", "\(folder)/\(name).key", "-out", "\(folder)/\(name).pem",
                    "-days", "30", "-subj", "/CN=\(subject)", "-config",
                    "\(folder)/openssl.cnf", "-extensions", name,
                ]), step: "make the certificate of \(subject)")
    }

    static func settings(_ addresses: [String]) -> String {
        let names = addresses.map { "IP:\($0)" } + ["DNS:ecs-microservices-alb", "DNS:localhost"]
        return """
            [req]
            distinguished_name = name
            prompt = no
            [name]
            [ca]
            basicConstraints = critical,CA:TRUE
            keyUsage = critical,keyCertSign,cRLSign
            subjectKeyIdentifier = hash
            [node]
            basicConstraints = critical,CA:FALSE
            keyUsage = critical,digitalSignature
            extendedKeyUsage = serverAuth
            subjectKeyIdentifier = hash
            authorityKeyIdentifier = keyid
            subjectAltName = \(names.joined(separator: ","))

            """
    }
}
