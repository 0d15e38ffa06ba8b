import Foundation

/// A Poisson process of one arrival per unit on [0, total): a pure function of seed and index, at hand from any index.
///
/// The line is cut into cells of equal width. How many arrivals a cell has is drawn from the Poisson distribution when
/// the process is made; where they lie is drawn when one is asked for: n points evenly drawn and sorted are the first
/// n of n + 1 exponential gaps over their sum (Devroye 1986, V.3.1), so nothing is kept or sorted.
struct PoissonArrivals: Hashable, Sendable {
    /// A cell this wide costs about as much to draw as to find; there are never more than `mostCells`.
    private static let leastWidth = 32.0
    private static let mostCells = 1 << 22

    private let seed: UInt64
    private let total: Double
    private let width: Double
    /// The index of each cell's first arrival, and one past the last cell's last.
    private let firsts: [UInt64]

    init(total: Double, seed: UInt64) {
        // Apart from the draws of the requests themselves.
        self.seed = Draw.mix(seed ^ 0x506F_6973_736F_6E21)
        self.total = max(0, total)
        width = max(Self.leastWidth, self.total / Double(Self.mostCells))
        var firsts: [UInt64] = [0]
        var count: UInt64 = 0
        for cell in 0..<Int((self.total / width).rounded(.up)) {
            var draw = Draw(seed: self.seed, runHash: 0, index: UInt64(cell) * 2)
            count += Self.poisson(min(width, self.total - Double(cell) * width), &draw)
            firsts.append(count)
        }
        self.firsts = firsts
    }

    var count: UInt64 { firsts[firsts.count - 1] }

    /// Where arrival `index` lies. `index` < `count`.
    func position(_ index: UInt64) -> Double {
        let cell = cell(of: index)
        let wanted = index - firsts[cell]
        var draw = Draw(seed: seed, runHash: 0, index: UInt64(cell) * 2 + 1)
        var sum = 0.0
        var reached = 0.0
        for gap in 0...firsts[cell + 1] - firsts[cell] {
            sum -= log(1 - draw.unit())
            if gap == wanted { reached = sum }
        }
        let start = Double(cell) * width
        return start + min(width, total - start) * (reached / sum)
    }

    /// The cell whose arrivals hold `index`: the last that begins at or before it.
    private func cell(of index: UInt64) -> Int {
        var low = 0
        var high = firsts.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if firsts[middle] <= index { low = middle } else { high = middle }
        }
        return low
    }

    /// By products of uniform draws (Knuth), in parts whose e^−mean is far from what a Double can hold.
    private static func poisson(_ mean: Double, _ draw: inout Draw) -> UInt64 {
        var count: UInt64 = 0
        var rest = mean
        while rest > 0 {
            let part = min(rest, 500)
            rest -= part
            let end = exp(-part)
            var product = draw.unit()
            while product > end {
                count += 1
                product *= draw.unit()
            }
        }
        return count
    }
}
