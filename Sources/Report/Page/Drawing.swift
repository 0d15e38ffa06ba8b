import Foundation

/// A chart as inline SVG. Positions have one decimal: a tenth of a pixel.
struct Drawing {
    static let width = 960.0
    static let left = 64.0
    static let right = 12.0
    static let bottom = 22.0
    static let top = 8.0

    let chart: Chart
    let bands: [Chart.Band]
    let time: Axis
    var height = 190.0

    private var value: Axis {
        let values = chart.lines.flatMap { $0.values.compactMap { $0 } }
        return switch chart.scale {
        case .linear: .linear(values)
        case .counted: .linear(values, whole: true)
        case .logarithmic: .logarithmic(values)
        }
    }

    static func x(_ place: Double) -> Double { left + place * (width - left - right) }

    private func y(_ value: Double, _ axis: Axis) -> Double {
        height - Self.bottom - axis.place(value) * (height - Self.bottom - Self.top)
    }

    var svg: String {
        let axis = value
        // A service's name is in the id of its drawing.
        let (id, title) = (HTML.escaped(chart.id), HTML.escaped(chart.title))
        return """
            <svg class="chart" id="chart-\(id)" viewBox="0 0 \(Int(Self.width)) \(Int(height))" role="img" \
            tabindex="0" aria-label="\(title), over the scenario's time" data-chart="\(id)">
            \(bands.map(band).joined(separator: "\n"))
            \(grid(axis))
            \(chart.lines.enumerated().map { line($0.element, $0.offset, axis) }.joined(separator: "\n"))
            \(never)
            <line class="cursor" x1="0" x2="0" y1="\(Int(Self.top))" y2="\(Self.text(height - Self.bottom))" hidden/>
            </svg>
            """
    }

    var legend: String {
        var items = chart.lines.enumerated().map { place, line in
            "<li class=\"s\(place % 8)\(line.isDashed ? " dashed" : "")\">\(HTML.escaped(line.name))</li>"
        }
        if !chart.never.isEmpty { items.append("<li class=\"never\">\(HTML.escaped(chart.neverName))</li>") }
        return "<ul class=\"legend\">\(items.joined())</ul>"
    }

    private func band(_ band: Chart.Band) -> String {
        let (from, to) = (Self.x(time.place(band.from)), Self.x(time.place(band.to)))
        return """
            <rect class="\(band.isHealing ? "healing" : "fault")" x="\(Self.text(from))" y="\(Self.text(Self.top))" \
            width="\(Self.text(max(1, to - from)))" height="\(Self.text(height - Self.bottom - Self.top))">\
            <title>\(HTML.escaped(band.name))</title></rect>
            """
    }

    private func grid(_ axis: Axis) -> String {
        var parts: [String] = []
        for tick in axis.ticks {
            let y = Self.text(y(tick, axis))
            parts.append(
                "<line class=\"grid\" x1=\"\(Int(Self.left))\" x2=\"\(Int(Self.width - Self.right))\" y1=\"\(y)\" y2=\"\(y)\"/>"
            )
            parts.append("<text class=\"value\" x=\"\(Int(Self.left) - 6)\" y=\"\(y)\">\(label(tick))</text>")
        }
        for tick in time.ticks {
            let x = Self.text(Self.x(time.place(tick)))
            parts.append(
                "<text class=\"time\" x=\"\(x)\" y=\"\(Self.text(height - 6))\">\(Self.moment(tick))</text>")
        }
        return parts.joined(separator: "\n")
    }

    private func line(_ line: Chart.Line, _ place: Int, _ axis: Axis) -> String {
        var path = ""
        var last: Double?
        for (moment, value) in zip(line.times, line.values) {
            guard let value else {
                last = nil
                continue
            }
            let x = Self.text(Self.x(time.place(moment)))
            let y = Self.text(y(value, axis))
            if let last {
                if line.isStep { path += "H\(x)" }
                if !line.isStep || last != value { path += line.isStep ? "V\(y)" : "L\(x) \(y)" }
            } else {
                path += "M\(x) \(y)"
                // A value that stands alone is a dot.
                path += "h0.1"
            }
            last = value
        }
        return "<path class=\"s\(place % 8)\(line.isDashed ? " dashed" : "")\" d=\"\(path)\"/>"
    }

    private var never: String {
        chart.never.map { moment in
            let x = Self.text(Self.x(time.place(moment)))
            return
                "<line class=\"never\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(Int(Self.top) - 6)\" y2=\"\(Int(Self.top) + 4)\"/>"
        }.joined(separator: "\n")
    }

    private func label(_ value: Double) -> String {
        switch chart.scale {
        case .linear, .counted: Self.number(value)
        case .logarithmic: value >= 1000 ? "\(Self.number(value / 1000)) s" : "\(Self.number(value)) ms"
        }
    }

    /// `45s`, `2m`, `2m30s`, `1h05m`.
    static func moment(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        if hours > 0 {
            return "\(hours)h" + (minutes > 0 ? (minutes < 10 ? "0\(minutes)m" : "\(minutes)m") : "")
        }
        if minutes > 0 { return "\(minutes)m" + (rest > 0 ? (rest < 10 ? "0\(rest)s" : "\(rest)s") : "") }
        return "\(rest)s"
    }

    /// Without a decimal point where there is nothing behind it.
    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : String(format: "%.3g", value)
    }

    /// A position.
    static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0
            ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
