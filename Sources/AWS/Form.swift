/// The body of a Query or EC2 call: `Action=…&Version=…&Name=value`, in the order given.
struct Form: Sendable {
    private var fields: [(name: String, value: String)]

    init(action: String, version: String) {
        fields = [("Action", action), ("Version", version)]
    }

    mutating func add(_ name: String, _ value: String?) {
        if let value { fields.append((name, value)) }
    }

    /// A list in the Query flavour, `Names.member.1`; in the EC2 flavour, `SubnetId.1`, `infix` is empty.
    mutating func add(list name: String, infix: String = ".member", _ values: [String]) {
        for (position, value) in values.enumerated() { add("\(name)\(infix).\(position + 1)", value) }
    }

    /// EC2's tags, `Tag.1.Key=a&Tag.1.Value=1`.
    mutating func add(tags: [(key: String, value: String)], under name: String) {
        for (position, tag) in tags.enumerated() {
            add("\(name).\(position + 1).Key", tag.key)
            add("\(name).\(position + 1).Value", tag.value)
        }
    }

    /// EC2's filters: `Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1`.
    mutating func add(filters: [(name: String, values: [String])]) {
        for (position, filter) in filters.enumerated() {
            add("Filter.\(position + 1).Name", filter.name)
            add(list: "Filter.\(position + 1).Value", infix: "", filter.values)
        }
    }

    var body: [UInt8] {
        Array(fields.map { "\($0.name)=\(Self.encode($0.value))" }.joined(separator: "&").utf8)
    }

    /// Percent-encodes all but RFC 3986's unreserved characters.
    static func encode(_ value: String) -> String {
        var text = ""
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                text += byte < 16 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return text
    }
}
