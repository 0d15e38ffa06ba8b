import Chaos
import Foundation

/// What `plan --json` writes and `run --plan` compares with: the faults as they were resolved, and the seed that chose.
struct SignedPlan: Codable {
    var version: String
    var scenario: String
    var platform: String
    var seed: UInt64
    var preview: ChaosPreview
    /// The IAM actions of all faults.
    var policy: Policy

    /// An IAM policy document.
    struct Policy: Codable {
        struct Grant: Codable {
            var Sid = "LoadchaosFaults"
            var Effect = "Allow"
            var Action: [String]
            var Resource = "*"
        }
        var Version = "2012-10-17"
        var Statement: [Grant]

        init(_ actions: [String]) { Statement = [Grant(Action: Set(actions).sorted())] }
    }

    static func read(_ path: String) throws -> SignedPlan {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw CommandProblem(.usage, "--plan \(path) cannot be read: \(error.localizedDescription)")
        }
        do { return try JSONDecoder().decode(SignedPlan.self, from: data) } catch {
            throw CommandProblem(
                .usage, "--plan \(path) is not what `loadchaos plan --json` of this version writes: \(error)")
        }
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
