/// A chart as inline SVG.
struct Drawing {
    let chart: Chart
    let bands: [Chart.Band]
    let time: Axis

    private var value: Axis {
        let values = chart.lines.flatMap { $0.values.compactMap { $0 } }
        return switch chart.scale {
        case .linear: .linear(values)
        case .counted: .linear(values, whole: true)
        case .logarithmic: .logarithmic(values)
        }
    }

    var svg: String {
        let axis = value
        // A service's name is in the id of its drawing.
        let id = HTML.escaped(chart.id)
        let label = chart.scale == .logarithmic ? Canvas.duration : Canvas.number
        let cursor = """
            <line class="cursor" x1="0" x2="0" y1="\(Canvas.y(1))" y2="\(Canvas.y(0))" hidden/>
            """
        return Canvas.svg(
            "\(HTML.escaped(chart.title)), over the scenario's time",
            attributes: " id=\"chart-\(id)\" data-chart=\"\(id)\" tabindex=\"0\"",
            bands.map(band) + [Canvas.grid(axis, label, time, Canvas.moment)]
                + chart.lines.enumerated().map { line($0.element, $0.offset, axis) } + never + [cursor])
    }

    var legend: [(name: String, style: String)] {
        chart.lines.enumerated().map { ($0.element.name, Self.style($0.element, $0.offset)) }
            + (chart.never.isEmpty ? [] : [(chart.neverName, "never")])
    }

    private static func style(_ line: Chart.Line, _ place: Int) -> String {
        "s\(place % 8)\(line.isDashed ? " dashed" : "")"
    }

    private func band(_ band: Chart.Band) -> String {
        let (from, to) = (time.place(band.from), time.place(band.to))
        let width = max(1, (to - from) * (Canvas.width - Canvas.left - Canvas.right))
        return """
            <rect class="\(band.isHealing ? "healing" : "fault")" x="\(Canvas.x(from))" y="\(Canvas.y(1))" \
            width="\(Canvas.text(width))" height="\(Canvas.text(Canvas.innerHeight))">\
            <title>\(HTML.escaped(band.name))</title></rect>
            """
    }

    private func line(_ line: Chart.Line, _ place: Int, _ axis: Axis) -> String {
        var path = ""
        var last: Double?
        for (moment, value) in zip(line.times, line.values) {
            guard let value else {
                last = nil
                continue
            }
            let (x, y) = (Canvas.x(time.place(moment)), Canvas.y(axis.place(value)))
            switch last {
            // A value that stands alone is a dot.
            case nil: path += "M\(x) \(y)h0.1"
            case let last? where line.isStep: path += last == value ? "H\(x)" : "H\(x)V\(y)"
            default: path += "L\(x) \(y)"
            }
            last = value
        }
        return "<path class=\"\(Self.style(line, place))\" d=\"\(path)\"/>"
    }

    private var never: [String] {
        chart.never.map { moment in
            let x = Canvas.x(time.place(moment))
            return "<line class=\"never\" x1=\"\(x)\" x2=\"\(x)\" y1=\"2\" y2=\"12\"/>"
        }
    }
}
