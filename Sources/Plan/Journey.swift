/// The requests of a Plan as the way of one user: each user of a closed load sends them in their order, one after the
/// other, and then begins anew.
///
/// Each pass is a new visit: it begins without cookies and without values, and has a row of each data file to itself.
package struct Journey: Hashable, Codable, Sendable {
    /// The names of the values that its requests take from their answers; a `Capture` counts them from 0.
    package var values: [String]

    package init(values: [String] = []) { self.values = values }
}

/// A value that a request takes from its answer, for the later requests of the same user.
package struct Capture: Hashable, Codable, Sendable {
    package enum Source: Hashable, Codable, Sendable {
        /// What lies there in a body of JSON: a string, a number, true or false.
        case json(JSONPath)
        /// The first header of that name; names are compared without regard to case.
        case header(String)
        /// What the group of the first match in the body holds.
        case regex(Pattern)
    }

    /// Which of the journey's values.
    package var value: Int
    package var source: Source

    package init(value: Int, from source: Source) {
        self.value = value
        self.source = source
    }
}

extension Capture.Source: CustomStringConvertible {
    /// As a scenario words it.
    package var description: String {
        switch self {
        case .json(let path): "json \"\(path)\""
        case .header(let name): "header \"\(name)\""
        case .regex(let pattern): "regex \"\(Self.escaped(pattern.text))\""
        }
    }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    }
}

extension KeyedDecodingContainer {
    /// Plans from before there were journeys take nothing: the synthesised decoding finds this overload.
    func decode(_ type: [Capture].Type, forKey key: Key) throws -> [Capture] {
        try decodeIfPresent(type, forKey: key) ?? []
    }
}
