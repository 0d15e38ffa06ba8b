import Foundation
import HTTP
import Loopback
import Synchronization

/// A request whose signature AWS has published (`get-vanilla` of its Signature Version 4 test suite), signed by the
/// library that signs all calls, and looked at where it arrives: on this machine.
enum KnownSignature {
    static let published = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"

    static func finding() async -> DoctorFinding {
        let name = "signature"
        do {
            let made = try await signature()
            return made == published
                ? .ok(name, "AWS's published example is signed as published")
                : .missing(
                    name,
                    "AWS's published example is signed \(made ?? "not at all"), not \(published): libcurl")
        } catch {
            return .unknown(name, "\(error)")
        }
    }

    private static func signature() async throws -> String? {
        let arrived = Mutex<String?>(nil)
        let server = try LoopbackServer(at: .port(0), bodyLimit: 0) { request in
            arrived.withLock { $0 = request.headers["authorization"] }
            return LoopbackAnswer(status: 200, headers: [], body: "")
        }
        let serving = Task { try await server.run() }
        defer { serving.cancel() }
        guard let port = try await server.listening() else { return nil }
        _ = try await Client(lanes: 1).send(
            ClientRequest(
                url: "http://127.0.0.1:\(port)/",
                headers: [
                    ClientHeader("Host", "example.amazonaws.com"),
                    ClientHeader("X-Amz-Date", "20150830T123600Z"),
                ],
                signing: ClientSigning(
                    region: "us-east-1", service: "service", accessKey: "AKIDEXAMPLE",
                    secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")))
        return arrived.withLock { $0 }?.split(separator: "Signature=").last.map(String.init)
    }
}
