/// Where a Location header leads to (RFC 9110 §10.2.2): resolved against the URL of the request as RFC 3986 §5.2 says,
/// and written without allocating.
///
/// What a URL cannot hold is percent-encoded, as browsers do; a fragment is left out, as no server sees it.
package enum Location {
    /// The server that the answer came from.
    package struct Origin {
        /// In lower case; an IPv6 address without its brackets.
        package var host: UnsafeRawBufferPointer
        package var isEncrypted: Bool
        package var port: Int

        package init(host: UnsafeRawBufferPointer, isEncrypted: Bool, port: Int) {
            self.host = host
            self.isEncrypted = isEncrypted
            self.port = port
        }
    }

    package enum Place: Hashable, Sendable {
        /// A path and query of the same origin, of so many bytes.
        case here(Int)
        /// Another origin, whose name stands in these bytes of the header's value.
        case elsewhere(Range<Int>)
        /// No URL, or a longer one than there is room for.
        case unusable
    }

    /// - Parameters:
    ///   - location: without the spaces around it.
    ///   - base: path and query of the request.
    package static func resolve(
        _ location: UnsafeRawBufferPointer, against base: UnsafeRawBufferPointer, at origin: Origin,
        into room: UnsafeMutableBufferPointer<UInt8>
    ) -> Place {
        guard !location.isEmpty, !location.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            return .unusable
        }
        var rest = location[..<(location.firstIndex(of: 0x23) ?? location.count)]
        var isEncrypted = origin.isEncrypted
        if let colon = schemeEnd(rest) {
            let scheme = UnsafeRawBufferPointer(rebasing: rest[..<colon])
            isEncrypted = scheme.reads("https")
            guard isEncrypted || scheme.reads("http") else { return .elsewhere(0..<(colon + 1)) }
            rest = rest[(colon + 1)...]
            guard rest.starts(with: "//".utf8) else { return .unusable }
        }
        if rest.starts(with: "//".utf8) {
            let start = rest.startIndex + 2
            let end = rest[start...].firstIndex { $0 == 0x2F || $0 == 0x3F } ?? rest.endIndex
            let user = rest[start..<end].lastIndex(of: 0x40)
            let name = (user.map { $0 + 1 } ?? start)..<end
            guard let isSame = isSame(rest[name], isEncrypted, origin) else { return .unusable }
            guard isSame, isEncrypted == origin.isEncrypted else {
                return .elsewhere(user == nil ? 0..<end : name)
            }
            rest = rest[end...]
            return write(path: rest, after: nil, into: room)
        }
        return write(path: rest, after: rest.first == 0x2F ? nil : base, into: room)
    }

    /// Where the colon of a scheme stands (RFC 3986 §3.1).
    private static func schemeEnd(_ text: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard let first = text.first, first.lowercased &- 0x61 < 26 else { return nil }
        let end = text.firstIndex { byte in
            switch byte {
            case 0x2B, 0x2D, 0x2E, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: false
            default: true
            }
        }
        return end.flatMap { text[$0] == 0x3A ? $0 : nil }
    }

    /// Whether `host:port` is the origin's; nil: it is none.
    private static func isSame(
        _ authority: Slice<UnsafeRawBufferPointer>, _ isEncrypted: Bool, _ origin: Origin
    ) -> Bool? {
        var name = authority
        var after = authority.endIndex
        if authority.first == 0x5B {
            guard let close = authority.firstIndex(of: 0x5D) else { return nil }
            name = authority[(authority.startIndex + 1)..<close]
            after = close + 1
        } else if let colon = authority.firstIndex(of: 0x3A) {
            name = authority[..<colon]
            after = colon
        }
        guard !name.isEmpty else { return nil }
        var port = isEncrypted ? 443 : 80
        if after < authority.endIndex {
            guard authority[after] == 0x3A else { return nil }
            let digits = authority[(after + 1)...]
            guard digits.count <= 5, digits.allSatisfy({ $0.digit != nil }) else { return nil }
            if !digits.isEmpty { port = digits.reduce(0) { $0 * 10 + ($1.digit ?? 0) } }
        }
        return port == origin.port && name.elementsEqual(origin.host) { $0.lowercased == $1 }
    }

    /// - Parameter base: what a relative path, or a query alone, stands for; nil: the path is a whole one, or empty.
    private static func write(
        path: Slice<UnsafeRawBufferPointer>, after base: UnsafeRawBufferPointer?,
        into room: UnsafeMutableBufferPointer<UInt8>
    ) -> Place {
        var writer = PathWriter(room: room)
        let query = path.firstIndex(of: 0x3F) ?? path.endIndex
        if let base {
            let baseQuery = base.firstIndex(of: 0x3F) ?? base.count
            if query > path.startIndex {
                // The base's folder: its last segment is replaced.
                writer.append(segments: base[..<baseQuery], keepsLast: false)
            } else {
                writer.append(segments: base[..<baseQuery], keepsLast: true)
                if query == path.endIndex { writer.append(rest: base[baseQuery...]) }
            }
        }
        if query > path.startIndex { writer.append(segments: path[..<query], keepsLast: true) }
        if writer.count == 0 { writer.append(0x2F) }
        writer.append(rest: path[query...])
        return writer.isOver ? .unusable : .here(writer.count)
    }
}

/// Writes a path segment by segment, without those of dots (RFC 3986 §5.2.4).
private struct PathWriter {
    let room: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0
    /// There was more than the room holds.
    private(set) var isOver = false

    init(room: UnsafeMutableBufferPointer<UInt8>) { self.room = room }

    mutating func append(_ byte: UInt8) {
        guard count < room.count else {
            isOver = true
            return
        }
        room[count] = byte
        count += 1
    }

    /// - Parameter keepsLast: false: without what stands behind the last slash.
    mutating func append(segments path: Slice<UnsafeRawBufferPointer>, keepsLast: Bool) {
        var start = path.startIndex
        if path.first == 0x2F { start += 1 }
        while let slash = path[start...].firstIndex(of: 0x2F) {
            append(segment: path[start..<slash], isLast: false)
            start = slash + 1
        }
        if keepsLast { append(segment: path[start...], isLast: true) }
    }

    private mutating func append(segment: Slice<UnsafeRawBufferPointer>, isLast: Bool) {
        let isUp = segment.elementsEqual("..".utf8)
        if isUp || segment.elementsEqual(".".utf8) {
            if isUp { count = room[..<count].lastIndex(of: 0x2F) ?? 0 }
            if isLast { append(0x2F) }
            return
        }
        append(0x2F)
        append(rest: segment)
    }

    /// As it stands, with what a URL cannot hold percent-encoded.
    mutating func append(rest: Slice<UnsafeRawBufferPointer>) {
        for byte in rest {
            if Self.isOfURL(byte) {
                append(byte)
            } else {
                append(0x25)
                append(Self.digit(byte >> 4))
                append(Self.digit(byte & 15))
            }
        }
    }

    /// Printable ASCII without what the URL standard encodes in a path.
    private static func isOfURL(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B...0x7D: false
        default: byte > 0x20 && byte < 0x7F
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}
