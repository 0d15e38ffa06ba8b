/// Where one value lies in a text of JSON: a singular query of RFC 9535, with indices from 0 on.
///
///     $.items[0]['first name']
package struct JSONPath: Hashable, Codable, Sendable {
    package enum Step: Hashable, Codable, Sendable {
        case key(String)
        case index(Int)
    }

    package var steps: [Step]

    package init(_ steps: [Step]) { self.steps = steps }
}

extension JSONPath: CustomStringConvertible {
    package var description: String {
        steps.reduce("$") { text, step in
            switch step {
            case .index(let place): text + "[\(place)]"
            case .key(let key) where Self.isPlain(key): text + ".\(key)"
            case .key(let key): text + "['\(key)']"
            }
        }
    }

    /// Whether a key may stand after a dot.
    private static func isPlain(_ key: String) -> Bool {
        guard let first = key.unicodeScalars.first else { return false }
        return !("0"..."9").contains(first)
            && key.unicodeScalars.allSatisfy(isNameScalar)
    }

    /// RFC 9535 §2.5.1.1, and the hyphen, which keys have and no other step begins with.
    package static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: scalar.value >= 0x80
        }
    }
}
