/// A JSON value of which we know only parts: read, changed in a place, and sent back with all the rest as it was.
package enum JSONDocument: Hashable, Codable, Sendable {
    case object([String: JSONDocument])
    case array([JSONDocument])
    case string(String)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case null

    package subscript(key: String) -> JSONDocument? {
        get { if case .object(let members) = self { members[key] } else { nil } }
        set {
            guard case .object(var members) = self else { return }
            members[key] = newValue
            self = .object(members)
        }
    }

    package var text: String? { if case .string(let text) = self { text } else { nil } }
    package var items: [JSONDocument] { if case .array(let items) = self { items } else { [] } }

    package init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
            // No evidence is lost by `try?`: what is not of one kind is tried as the next, and the last throws.
        } else if let value = try? single.decode(Bool.self) {
            self = .bool(value)
            // As above.
        } else if let value = try? single.decode(Int.self) {
            self = .int(value)
            // Whole numbers stay whole; what is left may have a fraction.
        } else if let value = try? single.decode(Double.self) {
            self = .double(value)
            // As above.
        } else if let value = try? single.decode(String.self) {
            self = .string(value)
            // As above.
        } else if let value = try? single.decode([JSONDocument].self) {
            self = .array(value)
        } else {
            self = .object(try single.decode([String: JSONDocument].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        switch self {
        case .object(let members): try single.encode(members)
        case .array(let items): try single.encode(items)
        case .string(let text): try single.encode(text)
        case .int(let value): try single.encode(value)
        case .double(let value): try single.encode(value)
        case .bool(let value): try single.encode(value)
        case .null: try single.encodeNil()
        }
    }
}
