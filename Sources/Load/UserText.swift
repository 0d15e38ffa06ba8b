import HTTP
import Plan

/// What a user adds to its requests: values, written as their places ask, and cookies.
extension RequestBuffer {
    /// The same text as `DataTable.Encoding.encode`.
    mutating func append(_ value: UnsafeBufferPointer<UInt8>, _ encoding: DataTable.Encoding) {
        switch encoding {
        case .plain: append(value)
        case .percent: for byte in value { append(percent: byte) }
        case .jsonString: for byte in value { append(jsonString: byte) }
        }
    }

    private mutating func append(percent byte: UInt8) {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: append(byte)
        default:
            append(0x25 as UInt8)
            append(Self.digit(byte >> 4, over: 0x37))
            append(Self.digit(byte & 15, over: 0x37))
        }
    }

    private mutating func append(jsonString byte: UInt8) {
        switch byte {
        case 0x22: append("\\\"")
        case 0x5C: append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        case 0..<0x20:
            append("\\u00")
            append(Self.digit(byte >> 4, over: 0x57))
            append(Self.digit(byte & 15, over: 0x57))
        default: append(byte)
        }
    }

    /// `over`: what lies ten before its `A`, large or small.
    private static func digit(_ value: UInt8, over letters: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : letters + value
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

extension DataTable.Encoding {
    /// How many bytes one byte may become.
    var growth: Int {
        switch self {
        case .plain: 1
        case .percent: 3
        case .jsonString: 6
        }
    }
}
