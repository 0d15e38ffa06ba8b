/// A drawing over the scenario's time, as data: what it shows, not how.
struct Chart {
    enum Scale {
        /// From 0 up.
        case linear
        /// From 0 up, of things that are counted: no half ones are named.
        case counted
        /// Of durations: decades of milliseconds.
        case logarithmic
    }

    /// One quantity over time. A value that is nil interrupts it.
    struct Line {
        var name: String
        /// Scenario seconds.
        var times: [Double]
        var values: [Double?]
        /// Holds until the next value; else the values are joined.
        var isStep = false
        /// What is wanted or planned, not what is.
        var isDashed = false
    }

    /// A length of time in which something was done to the system.
    struct Band {
        var name: String
        var from: Double
        var to: Double
        /// After the fault was reverted, until it was healed.
        var isHealing = false
    }

    var id: String
    var title: String
    /// Of the values, as the readout shows it: `ms`, `requests/s`.
    var unit: String
    var scale = Scale.linear
    var lines: [Line]
    /// Moments at which a line has no bound: drawn at the upper edge.
    var never: [Double] = []
    var neverName = ""

    var isEmpty: Bool { lines.allSatisfy { $0.values.allSatisfy { $0 == nil } } && never.isEmpty }
}
