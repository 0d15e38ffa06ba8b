import Foundation
import History
package import Verdict

/// A comparison as JSON, for machines. Keys are never renamed or removed, only added; docs/ci.md has them.
package enum ComparisonJSON {
    package static func text(_ comparison: Comparison) throws -> String {
        return try JSONText.of(Document(comparison)) + "\n"
    }

    struct Document: Encodable {
        var answer: String
        /// `in-turns` or `apart`: how the runs lie in time.
        var order: String
        var baseline: [String]
        var candidate: [String]
        var measures: [Row]

        init(_ comparison: Comparison) {
            answer = comparison.answer.rawValue
            order = comparison.order.rawValue
            baseline = comparison.baseline.map(\.id)
            candidate = comparison.candidate.map(\.id)
            measures = comparison.rows.map(Row.init)
        }
    }

    struct Row: Encodable {
        var measure: String
        var unit: String
        var answer: String
        var reason: String
        /// One a run; null: endless, or too little was measured.
        var baseline: [Double?]
        var candidate: [Double?]
        @Nullable var ratio: Double?
        @Nullable var ratioLow: Double?
        @Nullable var ratioHigh: Double?

        init(_ row: Comparison.Row) {
            (measure, answer, reason) = (row.measure.rawValue, row.answer.rawValue, row.reason)
            unit = row.measure == .throughput ? "per_second" : "ms"
            (baseline, candidate) = (row.baseline.map(\.?.value), row.candidate.map(\.?.value))
            ratio = row.ratio?.value
            ratioLow = row.ratio?.low
            ratioHigh = row.ratio?.high
        }
    }
}
