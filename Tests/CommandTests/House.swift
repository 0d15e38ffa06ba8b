import Foundation

/// The repository's own files, for tests that need a real system.
enum House {
    static var shippedSystem: String {
        get throws {
            let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            return try String(
                contentsOf: root.appending(path: "scenarios/ecs-microservices.system"), encoding: .utf8)
        }
    }
}
