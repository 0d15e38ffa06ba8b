import Foundation

/// Parameters of the Query and EC2 protocols: `Action=…&Names.member.1=…&Filter.1.Value.1=…`.
struct FormParameters: Sendable {
    let values: [String: String]

    /// Throws MalformedQueryString for text that is not form-encoded UTF-8. Later values win over earlier
    /// ones.
    init(_ query: String, _ body: Data) throws(APIError) {
        guard let text = String(data: body, encoding: .utf8) else { throw Self.malformed }
        var values: [String: String] = [:]
        for part in [query, text] {
            for pair in part.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: "&") {
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let name = Self.decode(sides[0]),
                    let value = Self.decode(sides.count > 1 ? sides[1] : "")
                else {
                    throw Self.malformed
                }
                values[name] = value
            }
        }
        self.values = values
    }

    private static let malformed = APIError(
        "MalformedQueryString", "The query string contains a syntax error.", status: 404)

    private static func decode(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }

    subscript(name: String) -> String? { values[name] }

    func bool(_ name: String) throws(APIError) -> Bool? {
        switch values[name]?.lowercased() {
        case nil: return nil
        case "true"?: return true
        case "false"?: return false
        case let other?:
            throw APIError(
                "InvalidParameterValue", "Invalid value '\(other)' for \(name). It must be true or false.")
        }
    }

    func int(_ name: String) throws(APIError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let value = Int(text) else {
            throw APIError(
                "InvalidParameterValue", "Invalid value '\(text)' for \(name). It must be an integer.")
        }
        return value
    }

    /// The numbers in use below `prefix.`, in order: `Filter.1.Name`, `Filter.2.Name` give 1, 2.
    func indices(_ prefix: String) -> [Int] {
        let start = prefix + "."
        var found: Set<Int> = []
        for name in values.keys where name.hasPrefix(start) {
            if let number = Int(name.dropFirst(start.count).prefix { $0 != "." }), number >= 0 {
                found.insert(number)
            }
        }
        return found.sorted()
    }

    /// `prefix.1`, `prefix.2`, …: EC2's lists. Query's are `prefix.member.1`.
    func list(_ prefix: String) -> [String] { indices(prefix).compactMap { values["\(prefix).\($0)"] } }

    func members(_ prefix: String) -> [String] { list(prefix + ".member") }
}
