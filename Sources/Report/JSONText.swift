import Foundation

/// JSON for machines, the same from every command: keys in snake case and in order, a member a line.
package enum JSONText {
    /// `lateness_p99_ms` is `latenessP99Ms`. Without a newline at the end.
    package static func of(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// A member that is written as null, not left out, when there is no value, or no finite one.
@propertyWrapper
struct Nullable<Value: Encodable>: Encodable {
    var wrappedValue: Value?

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let number = wrappedValue as? Double, !number.isFinite { return try container.encodeNil() }
        try container.encode(wrappedValue)
    }
}
