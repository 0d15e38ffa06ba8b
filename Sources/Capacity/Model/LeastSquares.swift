/// Linear least squares by the normal equations: a handful of unknowns, which is all that is asked here.
enum LeastSquares {
    /// nil: the rows do not determine the unknowns.
    static func solve(_ rows: [(terms: [Double], wanted: Double)]) -> [Double]? {
        guard let size = rows.first?.terms.count, size > 0, rows.count >= size else { return nil }
        var matrix = (0..<size).map { row in
            (0..<size).map { column in rows.reduce(0) { $0 + $1.terms[row] * $1.terms[column] } }
                + [rows.reduce(0) { $0 + $1.terms[row] * $1.wanted }]
        }
        // Gauss-Jordan, with the largest pivot.
        for column in 0..<size {
            guard let pivot = (column..<size).max(by: { abs(matrix[$0][column]) < abs(matrix[$1][column]) }),
                abs(matrix[pivot][column]) > 1e-12
            else { return nil }
            matrix.swapAt(column, pivot)
            for row in 0..<size where row != column {
                let factor = matrix[row][column] / matrix[column][column]
                for place in column...size { matrix[row][place] -= factor * matrix[column][place] }
            }
        }
        return (0..<size).map { matrix[$0][size] / matrix[$0][$0] }
    }
}
