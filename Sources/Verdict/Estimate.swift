import Plan

/// A value that is known to lie between two ends.
struct Estimate<Value: Hashable & Codable & Comparable & Sendable>: Hashable, Sendable {
    var low: Value
    var high: Value

    /// Kept only if every value of the interval meets the bound, broken only if none does.
    func answer(_ bound: Bound<Value>) -> Answer {
        switch bound {
        case .below(let limit): high < limit ? .kept : low >= limit ? .broken : .unknown
        case .atMost(let limit): high <= limit ? .kept : low > limit ? .broken : .unknown
        case .above(let limit): low > limit ? .kept : high <= limit ? .broken : .unknown
        case .atLeast(let limit): low >= limit ? .kept : high < limit ? .broken : .unknown
        case .equal(let target):
            low == target && high == target ? .kept : target < low || high < target ? .broken : .unknown
        case .between(let least, let most):
            least <= low && high <= most ? .kept : high < least || most < low ? .broken : .unknown
        }
    }
}

extension Bound {
    /// The largest value that may be met, if the bound has one.
    var upperLimit: Value? {
        switch self {
        case .below(let limit), .atMost(let limit), .equal(let limit), .between(_, let limit): limit
        case .above, .atLeast: nil
        }
    }
}

extension Nanoseconds {
    /// How a percentile that lies among requests without a good answer is carried: longer than any time.
    static let infinite = Nanoseconds(.max)
}
