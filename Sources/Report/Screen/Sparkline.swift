import Foundation

/// A row of blocks whose height is a value.
enum Sparkline {
    private static let blocks = Array("▁▂▃▄▅▆▇█")

    /// A space where there is no value. `low` and `high` are the values of the lowest and the full block.
    static func text(_ values: [Double?], low: Double, high: Double, isLogarithmic: Bool = false) -> String {
        String(
            values.map { value in
                guard let value else { return " " }
                return blocks[level(value, low, high, isLogarithmic)]
            })
    }

    private static func level(_ value: Double, _ low: Double, _ high: Double, _ isLogarithmic: Bool) -> Int {
        guard value > low, high > low else { return 0 }
        // Without a bound: full.
        guard value < high else { return blocks.count - 1 }
        let part =
            isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
        return min(blocks.count - 1, max(0, Int((part * Double(blocks.count)).rounded(.down))))
    }
}
