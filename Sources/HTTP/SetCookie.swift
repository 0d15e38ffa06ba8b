/// One `Set-Cookie` header, taken apart (RFC 6265 §5.2). It points into the text that it was read from.
struct SetCookie {
    /// `name=value`, as it is sent back.
    private(set) var pair: UnsafeRawBufferPointer
    private(set) var nameCount: Int
    /// Begins with `/`; nil: that of the request decides.
    private(set) var path: UnsafeRawBufferPointer?
    /// Without a leading dot.
    private(set) var domain: UnsafeRawBufferPointer?
    private(set) var isSecure = false
    /// In seconds.
    private(set) var maxAge: Int64?
    /// In seconds since 1970.
    private(set) var expires: Int64?

    /// In seconds: what lasts longer is taken for this.
    static let century: Int64 = 3_155_760_000

    var name: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: pair[..<nameCount]) }

    /// nil: there is no name, or no `=` after it.
    init?(_ text: UnsafeRawBufferPointer) {
        var rest = text
        let first = Self.part(&rest)
        guard let equals = first.firstIndex(of: 0x3D) else { return nil }
        let name = UnsafeRawBufferPointer(rebasing: first[..<equals]).trimmed
        guard !name.isEmpty else { return nil }
        // What is sent back has no space beside its `=`: so a cookie that has one is not one that servers make.
        guard name.count == equals else { return nil }
        (pair, nameCount) = (first, name.count)
        while !rest.isEmpty { take(Self.part(&rest)) }
    }

    /// Up to the next semicolon, which is taken as well.
    private static func part(_ rest: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let end = rest.firstIndex(of: 0x3B) ?? rest.count
        let part = UnsafeRawBufferPointer(rebasing: rest[..<end])
        rest = UnsafeRawBufferPointer(rebasing: rest[min(end + 1, rest.count)...])
        return part.trimmed
    }

    private mutating func take(_ attribute: UnsafeRawBufferPointer) {
        let equals = attribute.firstIndex(of: 0x3D) ?? attribute.count
        let name = UnsafeRawBufferPointer(rebasing: attribute[..<equals]).trimmed
        let value = UnsafeRawBufferPointer(rebasing: attribute[min(equals + 1, attribute.count)...]).trimmed
        if name.reads("path") {
            path = value.first == 0x2F ? value : nil
        } else if name.reads("domain") {
            let isDotted = value.first == 0x2E
            domain = value.isEmpty ? nil : UnsafeRawBufferPointer(rebasing: value[(isDotted ? 1 : 0)...])
        } else if name.reads("secure") {
            isSecure = true
        } else if name.reads("max-age") {
            maxAge = Self.number(value) ?? maxAge
        } else if name.reads("expires") {
            expires = HTTPDate.seconds(value) ?? expires
        }
    }

    private static func number(_ text: UnsafeRawBufferPointer) -> Int64? {
        let isNegative = text.first == 0x2D
        let digits = text[(isNegative ? 1 : 0)...]
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in digits {
            guard let digit = byte.digit else { return nil }
            value = min(value * 10 + Int64(digit), century)
        }
        return isNegative ? -value : value
    }
}
