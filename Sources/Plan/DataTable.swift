/// The rows of a data file: what requests fill their placeholders with.
///
/// All placeholders of one request that name the same table take the same row of it.
package struct DataTable: Hashable, Codable, Sendable {
    /// Which row a request takes.
    package enum Order: String, Hashable, Codable, Sendable {
        /// Request k has turn k modulo their number.
        case inTurn = "in turn"
        /// Evenly drawn, with repetition, by the run's seed.
        case atRandom = "at random"
    }

    package var name: String
    package var columns: [String]
    /// One array a column, all of one length, which is at least one.
    package var values: [[String]]
    package var order: Order
    /// Which row each turn takes, where rows come again and again; nil: each has one turn, in their order.
    package var turns: [Int]?

    package init(
        name: String, columns: [String], values: [[String]], order: Order, turns: [Int]? = nil
    ) {
        self.name = name
        self.columns = columns
        self.values = values
        self.order = order
        self.turns = turns
    }

    /// How many turns there are, of which a request has one.
    package var rows: Int { turns?.count ?? values.first?.count ?? 0 }

    package func value(_ column: Int, turn: Int) -> String { values[column][turns?[turn] ?? turn] }

    /// How a value is written where it stands.
    package enum Encoding: String, Hashable, Codable, Sendable {
        case plain
        /// In a path or a query: all but RFC 3986's unreserved characters is percent-encoded.
        case percent
        /// Inside a string of JSON.
        case jsonString = "json string"

        package func encode(_ value: String) -> String {
            var bytes: [UInt8] = []
            for byte in value.utf8 { encode(byte) { bytes.append($0) } }
            return String(decoding: bytes, as: UTF8.self)
        }

        /// One byte of a value, as one or more.
        package func encode(_ byte: UInt8, _ put: (UInt8) -> Void) {
            switch self {
            case .plain: put(byte)
            case .percent: Self.percent(byte, put)
            case .jsonString: Self.jsonString(byte, put)
            }
        }

        /// How many bytes one may become.
        package var growth: Int {
            switch self {
            case .plain: 1
            case .percent: 3
            case .jsonString: 6
            }
        }

        private static func percent(_ byte: UInt8, _ put: (UInt8) -> Void) {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: put(byte)
            default:
                put(0x25)
                put(digit(byte >> 4, letters: 0x41))
                put(digit(byte & 15, letters: 0x41))
            }
        }

        /// RFC 8259 §7.
        private static func jsonString(_ byte: UInt8, _ put: (UInt8) -> Void) {
            func escape(_ bytes: StaticString) {
                put(0x5C)
                for place in 0..<bytes.utf8CodeUnitCount { put(bytes.utf8Start[place]) }
            }
            switch byte {
            case 0x22: escape("\"")
            case 0x5C: escape("\\")
            case 0x0A: escape("n")
            case 0x0D: escape("r")
            case 0x09: escape("t")
            case 0..<0x20:
                escape("u00")
                put(digit(byte >> 4, letters: 0x61))
                put(digit(byte & 15, letters: 0x61))
            default: put(byte)
            }
        }

        /// A hexadecimal one; `letters`: the first of them, large or small.
        private static func digit(_ value: UInt8, letters: UInt8) -> UInt8 {
            value < 10 ? 0x30 + value : letters + value - 10
        }
    }
}

extension KeyedDecodingContainer {
    /// Recordings of Plans from before there were data files have none: the synthesised decoding finds this overload.
    func decode(_ type: [DataTable].Type, forKey key: Key) throws -> [DataTable] {
        try decodeIfPresent(type, forKey: key) ?? []
    }
}
