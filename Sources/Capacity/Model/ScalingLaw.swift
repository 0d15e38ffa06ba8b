import Foundation

/// Gunther's Universal Scalability Law: what N tasks carry, X(N) = λN / (1 + σ(N − 1) + κN(N − 1)).
///
/// λ is what one task carries alone, σ how much of the work has to wait for the others (contention), κ how much each
/// pair of tasks costs each other (coherency). (N. J. Gunther, Guerrilla Capacity Planning, 2007.)
package struct ScalingLaw: Hashable, Sendable {
    package var perTask: Double
    package var contention: Double
    package var coherency: Double

    package init(perTask: Double, contention: Double = 0, coherency: Double = 0) {
        self.perTask = perTask
        self.contention = contention
        self.coherency = coherency
    }

    /// Requests a second of so many tasks.
    package func capacity(_ tasks: Int) -> Double { capacity(of: Double(tasks)) }

    /// Between whole numbers, for a drawing.
    package func capacity(of n: Double) -> Double {
        perTask * n / (1 + contention * (n - 1) + coherency * n * (n - 1))
    }

    /// More tasks than this carry less; nil: there is no such number.
    package var peak: Double? {
        coherency > 0 && contention < 1 ? ((1 - contention) / coherency).squareRoot() : nil
    }
}

extension ScalingLaw {
    /// The law that fits best in proportion, none of its three terms negative; nil: nothing was measured.
    ///
    /// N / X is linear in 1, N − 1 and N(N − 1). Each set of terms is solved by least squares and the best of those
    /// without a negative one is taken, which for three terms is the constrained optimum. There are never more terms
    /// than counts: two counts show no coherency, one not even contention.
    package static func fit(_ measured: [(tasks: Int, rate: Double)]) -> ScalingLaw? {
        let points = measured.filter { $0.tasks > 0 && $0.rate > 0 }
        let counts = Set(points.map(\.tasks)).count
        let subsets: [[Int]] = [[0], [0, 1], [0, 2], [0, 1, 2]].filter {
            $0.count <= counts && (counts > 2 || !$0.contains(2))
        }
        var best: (law: ScalingLaw, error: Double)?
        for terms in subsets {
            guard let law = solve(points, terms) else { continue }
            let error = points.reduce(0) { sum, point in
                let miss = law.capacity(point.tasks) / point.rate - 1
                return sum + miss * miss
            }
            // More terms must earn their place by more than rounding.
            if best.map({ error < $0.error * (1 - 1e-9) - 1e-15 }) ?? true { best = (law, error) }
        }
        return best?.law
    }

    /// Least squares of N / X over the chosen terms, weighted so that errors count in proportion to the rate.
    private static func solve(_ points: [(tasks: Int, rate: Double)], _ terms: [Int]) -> ScalingLaw? {
        let rows = points.map { point -> (terms: [Double], wanted: Double) in
            let n = Double(point.tasks)
            // Divided by the wanted value itself, which makes it 1.
            let scale = point.rate / n
            let all = [1, n - 1, n * (n - 1)]
            return (terms.map { all[$0] * scale }, 1)
        }
        guard let found = LeastSquares.solve(rows) else { return nil }
        var values = [0.0, 0, 0]
        for (place, term) in terms.enumerated() { values[term] = found[place] }
        guard values[0] > 0, values.allSatisfy({ $0 >= 0 }) else { return nil }
        return ScalingLaw(
            perTask: 1 / values[0], contention: values[1] / values[0], coherency: values[2] / values[0])
    }
}
