import Plan

/// Reads the checks of autoscaling: when its steps come, and which they are.
enum ScalingReader {
    /// After `scale`: `out of flask-app between 60s and 180s after cpu > 70%`.
    static func scaling(_ cursor: inout Cursor, _ service: inout Token?) throws(Complaint)
        -> Expectation.Scaling
    {
        cursor.shape = "scale out of flask-app between 60s and 180s after cpu > 70%"
        let isOut = try cursor.choice(of: ["out", "in"], calling: "`out` or `in`").text == "out"
        if !isOut { cursor.shape = "scale in of flask-app between 300s and 480s after cpu < 70%" }
        try cursor.keyword("of")
        let name = try cursor.name("the name of a service")
        service = name
        try cursor.keyword("between")
        let earliest = try cursor.duration("the earliest time", positive: false)
        try cursor.keyword("and")
        let span = cursor.here
        let latest = try cursor.duration("the latest time")
        guard earliest <= latest else { throw Complaint(ExpectationProblem.emptyBetween, at: span) }
        try cursor.keyword("after")
        try cursor.keyword("cpu")
        let comparison = try cursor.any("`\(isOut ? ">" : "<")`")
        let value: (inout Cursor) throws(Complaint) -> Double = { cursor throws(Complaint) in
            try cursor.quantity(.percentage, "the CPU")
        }
        let cpu: Bound<Double>
        switch (comparison.text, isOut) {
        case (">", true): cpu = .above(try value(&cursor))
        case (">=", true): cpu = .atLeast(try value(&cursor))
        case ("<", false): cpu = .below(try value(&cursor))
        case ("<=", false): cpu = .atMost(try value(&cursor))
        default: throw Complaint(ExpectationProblem.scalingBound(isOut: isOut), at: comparison.span)
        }
        return Expectation.Scaling(
            isOut ? .out : .in, of: name.value, earliest: earliest, latest: latest, cpu: cpu)
    }

    /// After `step`: `2, 3, 4, 3, 2`.
    static func steps(_ cursor: inout Cursor) throws(Complaint) -> [Int] {
        cursor.shape = "tasks of flask-app step 2, 3, 4, 3, 2"
        var counts: [Int] = []
        repeat {
            if cursor.peek?.kind == .comma { _ = cursor.next() }
            let span = cursor.here
            let count = try cursor.count("the number of tasks", in: 0...1_000_000, example: "2")
            if counts.last == count { throw Complaint(ExpectationProblem.noStep(count), at: span) }
            counts.append(count)
        } while cursor.peek?.kind == .comma
        return counts
    }
}

extension Expectation.Check {
    /// It takes no `when calm`, `during` or `after`.
    var looksAtWholeLoad: Bool {
        switch self {
        case .scaling, .steps, .reversals: true
        default: false
        }
    }
}
