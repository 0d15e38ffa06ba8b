import Foundation

/// Student's t distribution.
enum StudentT {
    /// The t that |T| exceeds with probability 1 − `confidence`, for so many degrees of freedom.
    ///
    /// P(|T| > t) = I_x(ν/2, ½) with x = ν / (ν + t²) (DLMF 8.17).
    static func quantile(within confidence: Double, degrees: Int) -> Double {
        precondition(degrees > 0 && confidence > 0 && confidence < 1, "t needs a degree of freedom")
        let degrees = Double(degrees)
        let x = Binomial.inverseIncompleteBeta(1 - confidence, degrees / 2, 0.5)
        return (degrees * (1 - x) / x).squareRoot()
    }
}
