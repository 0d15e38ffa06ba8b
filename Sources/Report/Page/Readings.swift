import Foundation

/// What the page's readout shows under the cursor: the values that were drawn, as JSON.
struct Readings: Encodable {
    struct Line: Encodable {
        var name: String
        /// Scenario seconds, whole ones without a point.
        var t: [Double]
        var v: [Double?]
        /// Holds until the next value.
        var step: Bool
    }
    struct Chart: Encodable {
        var unit: String
        var lines: [Line]
    }
    /// Scenario seconds over the width of each drawing.
    var duration: Double
    /// Real seconds are scenario seconds divided by this.
    var speed: Double
    var left: Double
    var right: Double
    var width: Double
    var charts: [String: Chart]

    init(_ charts: [Report.Chart], duration: Double, speed: Double) {
        self.duration = duration
        self.speed = speed
        (left, right, width) = (Canvas.left, Canvas.right, Canvas.width)
        self.charts = [:]
        for chart in charts {
            self.charts[chart.id] = Chart(
                unit: chart.unit,
                lines: chart.lines.map { line in
                    Line(
                        name: line.name, t: line.times.map(Self.short),
                        v: line.values.map { $0.map(Self.short) },
                        step: line.isStep)
                })
        }
    }

    /// Four digits say what a reader can see.
    private static func short(_ value: Double) -> Double {
        guard value != 0, value.isFinite else { return 0 }
        let scale = pow(10, 3 - floor(log10(abs(value))))
        return abs(value) >= 1000 ? value.rounded() : (value * scale).rounded() / scale
    }

    /// Safe inside a script element: no `<` can end it.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self).replacing("<", with: "\\u003C")
    }
}
