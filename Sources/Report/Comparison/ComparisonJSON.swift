import Foundation
import History
package import Verdict

/// A comparison as JSON, for machines. Keys are never renamed or removed, only added; docs/ci.md has them.
package enum ComparisonJSON {
    package static func text(_ comparison: Comparison) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Document(comparison)), as: UTF8.self) + "\n"
    }

    private struct Document: Encodable {
        var answer: String
        var baseline: [String]
        var candidate: [String]
        var measures: [Row]

        init(_ comparison: Comparison) {
            answer = comparison.answer.rawValue
            baseline = comparison.baseline.map(\.id)
            candidate = comparison.candidate.map(\.id)
            measures = comparison.rows.map(Row.init)
        }
    }

    private struct Row: Encodable {
        var measure: String
        var unit: String
        var answer: String
        var reason: String
        /// One a run; null: endless, or too little was measured.
        var baseline: [Double?]
        var candidate: [Double?]
        var ratio: Double?
        var ratio_low: Double?
        var ratio_high: Double?

        init(_ row: Comparison.Row) {
            (measure, answer, reason) = (row.measure.rawValue, row.answer.rawValue, row.reason)
            unit = row.measure == .throughput ? "per_second" : "ms"
            (baseline, candidate) = (row.baseline.map(\.?.value), row.candidate.map(\.?.value))
            (ratio, ratio_low, ratio_high) = (row.ratio?.value, row.ratio?.low, row.ratio?.high)
        }
    }
}
