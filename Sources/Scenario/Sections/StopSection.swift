import Plan

/// `stop`: what ends a run early.
struct StopSection {
    private(set) var conditions: [StopCondition] = []
    /// Alarms are of a platform: the scenario must use a system.
    private(set) var alarm: Token?

    static let example = "error rate > 50% for 30s"

    init(_ section: Section, _ diagnostics: inout Diagnostics) {
        for statement in section.statements where !statement.isBroken {
            do throws(Complaint) {
                conditions.append(try read(statement))
            } catch {
                diagnostics.add(error)
            }
        }
    }

    private mutating func read(_ statement: Statement) throws(Complaint) -> StopCondition {
        var cursor = Cursor(statement, shape: Self.example)
        let start = cursor.position
        let word = try cursor.choice(of: ["alarm", "error"], calling: "`error rate` or `alarm`")
        let kind: StopCondition.Kind
        if word.text == "alarm" {
            cursor.shape = "alarm checkout-errors"
            let name = try cursor.name("the name of a CloudWatch alarm")
            alarm = alarm ?? name
            kind = .alarm(name.value)
        } else {
            try cursor.keyword("rate")
            let comparison = try cursor.any("`>`")
            guard comparison.text == ">" else {
                throw cursor.unexpected(comparison, expected: "`>`", among: [">"])
            }
            let share = try cursor.quantity(.percentage, "the error rate")
            try cursor.keyword("for")
            kind = .errorRate(above: share, length: try cursor.duration("the time it is looked at"))
        }
        let text = cursor.text(since: start)
        try cursor.finish()
        return StopCondition(text: text, kind: kind)
    }
}
