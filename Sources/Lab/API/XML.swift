/// XML as the Query and EC2 protocols write it: elements only, no attributes but the root's namespace.
indirect enum XML: Sendable {
    case element(String, [XML])
    case leaf(String, String)

    /// `<name/>` when the list is empty: peers take a missing list for a missing answer.
    static func list(_ name: String, _ items: [XML]) -> XML { .element(name, items) }

    static func members(_ name: String, _ items: [[XML]]) -> XML {
        .element(name, items.map { .element("member", $0) })
    }

    static func items(_ name: String, _ items: [[XML]]) -> XML {
        .element(name, items.map { .element("item", $0) })
    }

    static func leaf(_ name: String, _ value: Int) -> XML { .leaf(name, String(value)) }
    static func leaf(_ name: String, _ value: Bool) -> XML { .leaf(name, value ? "true" : "false") }

    func write(to out: inout String) {
        switch self {
        case .element(let name, let children):
            if children.isEmpty {
                out += "<\(name)/>"
                return
            }
            out += "<\(name)>"
            for child in children { child.write(to: &out) }
            out += "</\(name)>"
        case .leaf(let name, let text):
            out += "<\(name)>"
            Self.escape(text, to: &out)
            out += "</\(name)>"
        }
    }

    /// A whole document.
    static func document(_ root: String, namespace: String?, _ children: [XML]) -> String {
        var out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(root)"
        if let namespace { out += " xmlns=\"\(namespace)\"" }
        out += ">"
        for child in children { child.write(to: &out) }
        return out + "</\(root)>\n"
    }

    /// The one place where text becomes XML. Control characters XML 1.0 cannot carry become U+FFFD.
    static func escape(_ text: String, to out: inout String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\t", "\n": out.unicodeScalars.append(scalar)
            case "\r": out += "&#13;"
            case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
            default: out.unicodeScalars.append(scalar)
            }
        }
    }

    /// A date as XML answers carry it: `2026-11-23T10:15:00.123Z`.
    static func date(_ name: String, _ seconds: Double) -> XML { .leaf(name, CalendarText.iso(seconds)) }
}
