import Plan

/// What a recorded request asked for, as the target of one that is sent.
enum RecordedTarget {
    /// Path and query of a target in origin or absolute form (RFC 9112 §3.2); nil: it is in another form.
    static func path(_ target: ArraySlice<UInt8>) -> String? {
        if target.first == 0x2F { return encoded(target) }
        return split(target)?.path
    }

    /// The host, with its port if it has one, and path and query of an http or https URL, whose fragment is never sent;
    /// nil: it is none.
    static func split(_ url: ArraySlice<UInt8>) -> (host: String, path: String)? {
        for scheme in ["http://", "https://"] where url.starts(with: scheme.utf8) {
            let rest = url.dropFirst(scheme.utf8.count)
            let end = rest.firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? rest.endIndex
            let authority = rest[..<end].split(separator: 0x40).last ?? []
            guard !authority.isEmpty else { return nil }
            let path = rest[end...].prefix { $0 != 0x23 }
            return (
                String(decoding: authority, as: UTF8.self).lowercased(),
                (path.first == 0x2F ? "" : "/") + encoded(path)
            )
        }
        return nil
    }

    /// As it stands, but for what a request line cannot hold: controls, spaces, bytes beyond ASCII, and `#`.
    private static func encoded(_ target: ArraySlice<UInt8>) -> String {
        guard target.contains(where: isForeign) else { return String(decoding: target, as: UTF8.self) }
        var bytes: [UInt8] = []
        for byte in target {
            let encoding: DataTable.Encoding = isForeign(byte) ? .percent : .plain
            encoding.encode(byte) { bytes.append($0) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isForeign(_ byte: UInt8) -> Bool { byte <= 0x20 || byte >= 0x7F || byte == 0x23 }
}
