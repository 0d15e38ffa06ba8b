import Foundation

/// The ground of every drawing: one size, one grid, one way to write a position.
enum Canvas {
    static let width = 960.0
    static let height = 190.0
    static let left = 64.0
    static let right = 12.0
    static let top = 8.0
    static let bottom = 22.0
    /// Of what is drawn, without the labels around it.
    static var innerHeight: Double { height - bottom - top }

    /// `part`: 0…1 of the way from left to right.
    static func x(_ part: Double) -> String { text(left + part * (width - left - right)) }

    /// `part`: 0…1 of the way up.
    static func y(_ part: Double) -> String { text(height - bottom - part * innerHeight) }

    /// `label`: for people who do not see it. `attributes`: the page's own.
    static func svg(_ label: String, attributes: String = "", _ parts: [String]) -> String {
        """
        <svg class="chart" viewBox="0 0 \(text(width)) \(text(height))" role="img" aria-label="\(label)"\(attributes)>
        \(parts.filter { !$0.isEmpty }.joined(separator: "\n"))
        </svg>
        """
    }

    /// A level line and its value for each tick of `vertical`, a label below for each of `horizontal`.
    static func grid(
        _ vertical: Axis, _ value: (Double) -> String, _ horizontal: Axis, _ moment: (Double) -> String
    ) -> String {
        let levels = vertical.ticks.map { tick -> String in
            let y = y(vertical.place(tick))
            return """
                <line class="grid" x1="\(x(0))" x2="\(x(1))" y1="\(y)" y2="\(y)"/>
                <text class="value" x="\(text(left - 6))" y="\(y)">\(value(tick))</text>
                """
        }
        let moments = horizontal.ticks.map { tick in
            let x = x(horizontal.place(tick))
            return "<text class=\"time\" x=\"\(x)\" y=\"\(text(height - 6))\">\(moment(tick))</text>"
        }
        return (levels + moments).joined(separator: "\n")
    }

    static func legend(_ items: [(name: String, style: String)]) -> String {
        let lines = items.map { "<li class=\"\($0.style)\">\(HTML.escaped($0.name))</li>" }
        return "<ul class=\"legend\">\(lines.joined())</ul>"
    }

    // MARK: Figures

    /// `45s`, `2m`, `2m30s`, `1h05m`.
    static func moment(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        func two(_ value: Int, _ unit: String) -> String {
            value == 0 ? "" : value < 10 ? "0\(value)\(unit)" : "\(value)\(unit)"
        }
        if hours > 0 { return "\(hours)h" + two(minutes, "m") }
        if minutes > 0 { return "\(minutes)m" + two(rest, "s") }
        return "\(rest)s"
    }

    /// `10 ms`, `2 s`.
    static func duration(_ milliseconds: Double) -> String {
        milliseconds >= 1000 ? "\(number(milliseconds / 1000)) s" : "\(number(milliseconds)) ms"
    }

    /// Without a decimal point where there is nothing behind it.
    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : String(format: "%.3g", value)
    }

    /// A position, to a tenth of a pixel.
    static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        if tenths % 10 == 0 { return "\(tenths / 10)" }
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
