import Foundation

/// AWS's JSON 1.0 and 1.1 protocols: the parameters of a call, read with the errors AWS gives for wrong ones.
struct JSONParameters: Sendable {
    let root: JSONValue

    /// An empty body counts as no parameters, as AWS has it.
    init(_ body: Data) throws(APIError) {
        if body.isEmpty {
            root = .object([])
            return
        }
        do { root = try JSONDecoder().decode(JSONValue.self, from: body) } catch {
            throw APIError("SerializationException", "the request body is not valid JSON")
        }
        guard case .object = root else {
            throw APIError("SerializationException", "Start of structure or map found where not expected.")
        }
    }

    private init(_ root: JSONValue) { self.root = root }

    private func wrong(_ key: String, _ expected: String) -> APIError {
        APIError("SerializationException", "\(key) must be \(expected)")
    }

    func string(_ key: String) throws(APIError) -> String? {
        switch root[key] {
        case nil, .null?: return nil
        case .string(let value)?: return value
        default: throw wrong(key, "a string")
        }
    }

    func int(_ key: String) throws(APIError) -> Int? {
        switch root[key] {
        case nil, .null?: return nil
        case .int(let value)?: return value
        default: throw wrong(key, "an integer")
        }
    }

    func bool(_ key: String) throws(APIError) -> Bool? {
        switch root[key] {
        case nil, .null?: return nil
        case .bool(let value)?: return value
        default: throw wrong(key, "a boolean")
        }
    }

    /// Nil when absent: AWS tells an absent list from an empty one.
    func strings(_ key: String) throws(APIError) -> [String]? {
        switch root[key] {
        case nil, .null?: return nil
        case .array(let values)?:
            var strings: [String] = []
            for value in values {
                guard case .string(let text) = value else { throw wrong(key, "a list of strings") }
                strings.append(text)
            }
            return strings
        default: throw wrong(key, "a list")
        }
    }

    /// Nil when absent.
    func objects(_ key: String) throws(APIError) -> [JSONParameters]? {
        switch root[key] {
        case nil, .null?: return nil
        case .array(let values)?:
            return try values.map { (value) throws(APIError) -> JSONParameters in
                guard case .object = value else { throw wrong(key, "a list of structures") }
                return JSONParameters(value)
            }
        default: throw wrong(key, "a list")
        }
    }

    /// The names of the members, in the order written.
    var keys: [String] {
        guard case .object(let members) = root else { return [] }
        return members.map(\.0)
    }

    func object(_ key: String) throws(APIError) -> JSONParameters? {
        switch root[key] {
        case nil, .null?: return nil
        case .object(let members)?: return JSONParameters(.object(members))
        default: throw wrong(key, "a structure")
        }
    }
}

enum JSONWire {
    static let contentType = "application/x-amz-json-1.1"

    static func error(_ error: APIError) -> String {
        JSONValue.object([("__type", .string(error.code)), ("message", .string(error.message))]).text
    }
}
