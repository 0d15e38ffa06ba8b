/// How many tasks of a service a fault strikes.
package enum TaskCount: Hashable, Codable, Sendable, ExpressibleByIntegerLiteral {
    case number(Int)
    /// Of those that run when the fault begins, 1 to 99.
    case percent(Int)

    package init(integerLiteral value: Int) { self = .number(value) }

    /// nil: a percentage that comes to none of them or to all, which is never meant. Halves are rounded up.
    package func count(of running: Int) -> Int? {
        switch self {
        case .number(let number): return number
        case .percent(let percent):
            let count = (running * percent + 50) / 100
            return count > 0 && count < running ? count : nil
        }
    }
}
