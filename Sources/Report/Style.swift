/// Whether text may carry colour. Decided once, by the command line: a terminal, and no NO_COLOR.
package enum Style: Hashable, Sendable {
    case plain
    case terminal

    /// ECMA-48 (SGR) colours that are readable on light and dark ground.
    package enum Colour: String, Sendable {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    package func paint(_ text: String, _ colour: Colour?) -> String {
        guard self == .terminal, let colour, !text.isEmpty else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }
}
