import HTTP
import Plan

/// What a user adds to its requests: values, written as their places ask, and cookies.
extension RequestBuffer {
    mutating func append(_ value: UnsafeBufferPointer<UInt8>, _ encoding: DataTable.Encoding) {
        for byte in value { encoding.encode(byte) { append($0) } }
    }

    /// The `Cookie` header for the path that stands there; nothing if it has no cookies.
    mutating func append(_ jar: CookieJar, path: Range<Int>) {
        guard jar.count > 0 else { return }
        let place = UnsafeRawBufferPointer(rebasing: bytes[path])
        var isFirst = true
        jar.forEach(for: place) { pair in
            append(isFirst ? "Cookie: " : "; ")
            append(pair.bindMemory(to: UInt8.self))
            isFirst = false
        }
        if !isFirst { append("\r\n") }
    }
}
