/// What CloudWatch knows a metric by.
struct MetricID: Hashable, Sendable, CustomStringConvertible {
    struct Dimension: Hashable, Sendable {
        let name: String
        let value: String
    }

    let namespace: String
    let name: String
    /// Sorted by name: CloudWatch does not care in which order they are given.
    let dimensions: [Dimension]

    init(_ namespace: String, _ name: String, _ dimensions: [(String, String)]) {
        self.namespace = namespace
        self.name = name
        self.dimensions = dimensions.map { Dimension(name: $0.0, value: $0.1) }.sorted { $0.name < $1.name }
    }

    var description: String {
        "\(namespace)/\(name) " + dimensions.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    }
}

/// The five statistics CloudWatch keeps of every period.
enum Statistic: String, CaseIterable, Sendable {
    case average = "Average"
    case sum = "Sum"
    case minimum = "Minimum"
    case maximum = "Maximum"
    case sampleCount = "SampleCount"
}

/// All that is kept of the samples of one period: enough for every statistic, also over several periods together.
struct StatisticSet: Hashable, Sendable {
    private(set) var sum: Double
    private(set) var minimum: Double
    private(set) var maximum: Double
    private(set) var count: Int

    init(_ value: Double) {
        (sum, minimum, maximum, count) = (value, value, value, 1)
    }

    mutating func merge(_ other: StatisticSet) {
        sum += other.sum
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        count += other.count
    }

    subscript(statistic: Statistic) -> Double {
        switch statistic {
        case .average: sum / Double(count)
        case .sum: sum
        case .minimum: minimum
        case .maximum: maximum
        case .sampleCount: Double(count)
        }
    }
}
