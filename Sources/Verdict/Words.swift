import Foundation
import Plan

/// `12.4 %`; small shares keep two figures: `0.031 %`.
func percent(_ fraction: Double) -> String {
    let value = fraction * 100
    if value == 0 { return "0 %" }
    return value < 0.1 ? String(format: "%.2g %%", value) : String(format: value < 10 ? "%.2f %%" : "%.1f %%", value)
}

/// `2,750`
func grouped(_ number: some BinaryInteger) -> String {
    var digits = Array(String(number.magnitude))
    var at = digits.count - 3
    while at > 0 {
        digits.insert(",", at: at)
        at -= 3
    }
    return (number < 0 ? "-" : "") + String(digits)
}

/// `12.4 ms`; nil, an infinite latency, is `∞`.
func milliseconds(_ time: Nanoseconds?) -> String {
    guard let time else { return "∞" }
    let value = time.inMilliseconds
    return String(format: value < 10 ? "%.2f ms" : value < 100 ? "%.1f ms" : "%.0f ms", value)
}
