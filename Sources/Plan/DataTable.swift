/// The rows of a data file: what requests fill their placeholders with.
///
/// All placeholders of one request that name the same table take the same row of it.
package struct DataTable: Hashable, Codable, Sendable {
    /// Which row a request takes.
    package enum Order: String, Hashable, Codable, Sendable {
        /// Request k takes row k modulo their number.
        case inTurn = "in turn"
        /// Evenly drawn, with repetition, by the run's seed.
        case atRandom = "at random"
    }

    package var name: String
    package var columns: [String]
    /// One array a column, all of one length, which is at least one.
    package var values: [[String]]
    package var order: Order

    package init(name: String, columns: [String], values: [[String]], order: Order) {
        self.name = name
        self.columns = columns
        self.values = values
        self.order = order
    }

    package var rows: Int { values.first?.count ?? 0 }

    /// How a value is written where it stands.
    package enum Encoding: String, Hashable, Codable, Sendable {
        case plain
        /// In a path or a query: all but RFC 3986's unreserved characters is percent-encoded.
        case percent
        /// Inside a string of JSON.
        case jsonString = "json string"

        package func encode(_ value: String) -> String {
            switch self {
            case .plain: value
            case .percent: value.utf8.map(Self.percent).joined()
            case .jsonString: value.unicodeScalars.map(Self.jsonString).joined()
            }
        }

        private static func percent(_ byte: UInt8) -> String {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                return String(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                return "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }

        /// RFC 8259 §7.
        private static func jsonString(_ scalar: Unicode.Scalar) -> String {
            switch scalar {
            case "\"": return "\\\""
            case "\\": return "\\\\"
            case "\n": return "\\n"
            case "\r": return "\\r"
            case "\t": return "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: return String(scalar)
            }
        }
    }
}

extension KeyedDecodingContainer {
    /// Recordings of Plans from before there were data files have none: the synthesised decoding finds this overload.
    func decode(_ type: [DataTable].Type, forKey key: Key) throws -> [DataTable] {
        try decodeIfPresent(type, forKey: key) ?? []
    }
}
