import Foundation

/// A debt as the tags of a resource say it: its second copy, for who has no journal.
///
/// Keys are `loadchaos:debt:RUN:INDEX:PART`, so that nobody removes another run's. Values are base64: every service
/// allows its letters in tags, and no more than 256 of them.
package struct TaggedDebt: Hashable, Codable, Sendable {
    package var run: String
    /// The fault's index and name in the Plan.
    package var index: Int
    package var fault: String
    package var undo: Undo

    static let prefix = "loadchaos:debt:"
    private static let longestValue = 256

    /// Throws what a JSON encoder throws.
    func tags() throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var rest = try encoder.encode(self).base64EncodedString()[...]
        var tags: [String: String] = [:]
        while !rest.isEmpty {
            tags["\(Self.prefix)\(run):\(index):\(tags.count)"] = String(rest.prefix(Self.longestValue))
            rest = rest.dropFirst(Self.longestValue)
        }
        return tags
    }

    /// Every debt among the tags of a resource, with the keys it takes.
    ///
    /// One whose tags were cut off or changed is nil: it is told of, and not passed over.
    static func all(in tags: [String: String]) -> [(keys: [String], debt: TaggedDebt?)] {
        let ours = tags.keys.filter { $0.hasPrefix(prefix) }
        let debts = Dictionary(grouping: ours) { $0.split(separator: ":").dropLast().joined(separator: ":") }
        return debts.sorted { $0.key < $1.key }.map { stem, keys in
            let parts = keys.indices.map { tags["\(stem):\($0)"] ?? "" }
            guard let data = Data(base64Encoded: parts.joined()) else { return (keys.sorted(), nil) }
            do {
                return (keys.sorted(), try JSONDecoder().decode(TaggedDebt.self, from: data))
            } catch {
                return (keys.sorted(), nil)
            }
        }
    }
}
