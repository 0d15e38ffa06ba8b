/// A CloudWatch alarm: watches one statistic of one metric, and says OK, ALARM or INSUFFICIENT_DATA.
struct MetricAlarm: Hashable, Sendable {
    enum State: String, CaseIterable, Sendable {
        case ok = "OK"
        case alarm = "ALARM"
        case insufficientData = "INSUFFICIENT_DATA"
    }

    enum Comparison: String, CaseIterable, Sendable {
        case greaterOrEqual = "GreaterThanOrEqualToThreshold"
        case greater = "GreaterThanThreshold"
        case less = "LessThanThreshold"
        case lessOrEqual = "LessThanOrEqualToThreshold"

        func holds(_ value: Double, _ threshold: Double) -> Bool {
            switch self {
            case .greaterOrEqual: value >= threshold
            case .greater: value > threshold
            case .less: value < threshold
            case .lessOrEqual: value <= threshold
            }
        }

        /// As in AWS's reasons.
        var words: String {
            switch self {
            case .greaterOrEqual: "greater than or equal to"
            case .greater: "greater than"
            case .less: "less than"
            case .lessOrEqual: "less than or equal to"
            }
        }
    }

    /// What a period without a datapoint counts as.
    enum Missing: String, CaseIterable, Sendable { case missing, ignore, breaching, notBreaching }

    var name: String
    var description: String?
    var metric: MetricID
    var statistic: Statistic
    /// Minutes of the scenario's clock.
    var period: Int
    var evaluationPeriods: Int
    var datapointsToAlarm: Int
    var threshold: Double
    var comparison: Comparison
    var missing = Missing.missing
    var actionsEnabled = true
    /// ARNs by the state that triggers them.
    var actions: [State: [String]] = [:]
    var configuredAt: Duration

    var state = State.insufficientData
    var reason = "Unchecked: Initial alarm creation"
    var stateSince: Duration

    /// What the alarm says when `minute` is over; nil while a period is not complete, or nothing can be said.
    ///
    /// Where points are missing and those that are there decide nothing, the state stays. (AWS then looks further
    /// back; a lab's metrics have no gaps but their beginning.) `date` writes a minute's beginning as reasons do.
    func evaluate(_ store: MetricStore, after minute: Int, date: (Int) -> String) -> (State, reason: String)?
    {
        guard (minute + 1) % period == 0 else { return nil }
        let from = minute + 1 - evaluationPeriods * period
        let points = store.points(of: metric, in: from..<(minute + 1), period: period)
        let breaching = points.filter { comparison.holds($0.set[statistic], threshold) }
        let absent = evaluationPeriods - points.count
        let alarming = breaching.count + (missing == .breaching ? absent : 0)
        let calm = points.count - breaching.count + (missing == .notBreaching ? absent : 0)
        if alarming >= datapointsToAlarm {
            return (.alarm, words(breaching, of: evaluationPeriods, "was", "were", date))
        }
        if calm > evaluationPeriods - datapointsToAlarm {
            let kept = points.filter { !comparison.holds($0.set[statistic], threshold) }
            return (.ok, words(kept, of: nil, "was not", "were not", date))
        }
        guard points.isEmpty, missing == .missing else { return nil }
        let unknown = evaluationPeriods == 1 ? "1 datapoint was" : "\(evaluationPeriods) datapoints were"
        return (.insufficientData, "Insufficient Data: \(unknown) unknown.")
    }

    /// `Threshold Crossed: 1 out of the last 1 datapoints [76.1 (25/11/26 23:10:00)] was greater than the threshold
    /// (70.0) (minimum 1 datapoint for OK -> ALARM transition).`
    private func words(
        _ points: [MetricStore.Point], of total: Int?, _ one: String, _ many: String, _ date: (Int) -> String
    ) -> String {
        let values = points.map { "\(($0.set[statistic] * 10).rounded() / 10) (\(date($0.minute)))" }
        let count =
            total.map { "\(points.count) out of the last \($0) datapoints" }
            ?? "\(points.count) datapoint\(points.count == 1 ? "" : "s")"
        let transition = total == nil ? "ALARM -> OK" : "OK -> ALARM"
        let least = total == nil ? evaluationPeriods - datapointsToAlarm + 1 : datapointsToAlarm
        return "Threshold Crossed: \(count) [\(values.reversed().joined(separator: ", "))] "
            + "\(points.count == 1 ? one : many) \(comparison.words) the threshold (\(threshold)) "
            + "(minimum \(least) datapoint\(least == 1 ? "" : "s") for \(transition) transition)."
    }
}

/// One line of an alarm's history.
struct AlarmHistoryItem: Hashable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case configuration = "ConfigurationUpdate"
        case state = "StateUpdate"
        case action = "Action"
    }

    let alarm: String
    let at: Duration
    let kind: Kind
    let summary: String
}
