/// A word by which scenarios are chosen together: `gate --tag quick`.
package struct Tag: RawRepresentable, Hashable, Codable, Sendable {
    package var rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
}

extension KeyedDecodingContainer {
    /// Recordings of Plans from before there were tags have none: the synthesised decoding finds this overload.
    func decode(_ type: [Tag].Type, forKey key: Key) throws -> [Tag] {
        try decodeIfPresent(type, forKey: key) ?? []
    }
}
