import Plan

/// What a number can be a number of, with the units that fit.
enum Quantity: String {
    case duration, rate, percentage, memory, cpu

    /// Base units: nanoseconds, requests per second, fraction, MiB, vCPU.
    var units: [(suffix: String, size: Double)] {
        switch self {
        case .duration: [("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)]
        case .rate: [("/s", 1), ("/m", 1.0 / 60), ("/h", 1.0 / 3600)]
        case .percentage: [("%", 0.01)]
        case .memory: [("MiB", 1), ("GiB", 1024)]
        case .cpu: [("vCPU", 1)]
        }
    }

    var phrase: String {
        switch self {
        case .duration: "a duration such as 30s"
        case .rate: "a rate such as 80/s"
        case .percentage: "a percentage such as 5%"
        case .memory: "a size such as 512MiB"
        case .cpu: "a share of CPUs such as 0.25vCPU"
        }
    }

    var unitList: String {
        switch self {
        case .duration: "a duration is in us, ms, s, m or h"
        case .rate: "a rate is per second, minute or hour: /s, /m or /h"
        case .percentage: "a percentage ends in %"
        case .memory: "memory is in MiB or GiB; what ECS calls MB is MiB"
        case .cpu: "CPU is in vCPU, which ECS counts as 1024 units each"
        }
    }

    /// The largest value that is taken, in base units, and how it is written. A bound on everything: nothing
    /// that is calculated from these may overflow.
    var limit: (value: Double, text: String) {
        switch self {
        case .duration: (7 * 24 * 3600e9, "168h")
        case .rate: (1e6, "1000000/s")
        case .percentage: (1, "100%")
        case .memory: (4_194_304, "4096GiB")
        case .cpu: (1024, "1024vCPU")
        }
    }

    /// What people write for a unit elsewhere.
    var aliases: [String: String] {
        switch self {
        case .duration:
            [
                "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m",
                "minute": "m",
                "minutes": "m", "hr": "h", "hour": "h", "hours": "h", "msec": "ms", "millis": "ms",
                "\u{B5}s": "us", "\u{3BC}s": "us", "S": "s", "M": "m", "H": "h", "MS": "ms", "Ms": "ms",
            ]
        case .rate:
            [
                "rps": "/s", "req/s": "/s", "/sec": "/s", "/second": "/s", "qps": "/s", "rpm": "/m",
                "/min": "/m",
                "/minute": "/m", "/hour": "/h", "hz": "/s", "Hz": "/s",
            ]
        case .percentage: ["percent": "%", "pct": "%", "\u{FF05}": "%"]
        case .memory:
            ["MB": "MiB", "M": "MiB", "Mi": "MiB", "mib": "MiB", "GB": "GiB", "G": "GiB", "Gi": "GiB"]
        case .cpu:
            ["vcpu": "vCPU", "VCPU": "vCPU", "cpu": "vCPU", "CPU": "vCPU", "vCPUs": "vCPU", "vcpus": "vCPU"]
        }
    }

    /// A bare number as it was probably meant.
    func guess(_ digits: String, role: String) -> String {
        switch self {
        case .duration: digits + (role == "the latency" ? "ms" : "s")
        // ECS counts 1024 units per vCPU, and no task has so many vCPUs.
        case .cpu: ((Double(digits) ?? 0) > 16 ? ((Double(digits) ?? 0) / 1024).plain : digits) + "vCPU"
        case .rate, .percentage, .memory: digits + units[0].suffix
        }
    }
}

/// A number as written, cut into sign, digits and what follows them.
struct WrittenNumber {
    var negative = false
    var digits = ""
    var suffix = ""

    init(_ text: String) {
        var rest = Substring(text)
        if let sign = rest.first, sign == "-" || sign == "\u{2212}" || sign == "+" {
            negative = sign != "+"
            rest.removeFirst()
        }
        var seenPoint = false
        while let first = rest.first {
            if first == ".", !seenPoint, rest.dropFirst().first?.isASCIIDigit == true {
                seenPoint = true
            } else if !first.isASCIIDigit {
                break
            }
            digits.append(first)
            rest.removeFirst()
        }
        suffix = String(rest)
    }

    var value: Double? { digits.isEmpty ? nil : Double(digits.hasPrefix(".") ? "0" + digits : digits) }
}

extension Character {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension Cursor {
    /// A number with its unit, in base units.
    ///
    /// - Parameter positive: refuses zero too.
    mutating func quantity(_ kind: Quantity, _ role: String, positive: Bool = false) throws(Complaint)
        -> Double
    {
        let token = try any(kind.phrase)
        let number = WrittenNumber(token.text)
        guard token.kind == .word, var value = number.value else {
            throw unexpected(token, expected: kind.phrase)
        }
        let whole = token.span
        if number.negative { throw Complaint(QuantityProblem.negative(role, token.text), at: whole) }
        if number.suffix.isEmpty {
            if let unit = peek, kind.units.contains(where: { $0.suffix == unit.text }) {
                throw Complaint(QuantityProblem.spaced(number.digits, unit.text), at: whole)
            }
            let guess = kind.guess(number.digits, role: role)
            throw Complaint(QuantityProblem.noUnit(number.digits, kind, guess: guess), at: whole)
        }
        if let unit = kind.units.first(where: { $0.suffix == number.suffix }) {
            value *= unit.size
        } else if kind == .duration, let compound = Cursor.compoundDuration(token.text) {
            value = compound
        } else {
            throw Complaint(QuantityProblem.wrongUnit(number.digits, suffix: number.suffix, kind), at: whole)
        }
        guard value <= kind.limit.value else {
            throw Complaint(QuantityProblem.tooLarge(role, token.text, limit: kind.limit.text), at: whole)
        }
        if positive && value == 0 { throw Complaint(QuantityProblem.zero(role, token.text), at: whole) }
        return value
    }

    mutating func duration(_ role: String, positive: Bool = true) throws(Complaint) -> Nanoseconds {
        let span = here
        let value = try quantity(.duration, role, positive: positive)
        let time = Nanoseconds(Int64(value.rounded()))
        if positive && time == .zero {
            throw Complaint(QuantityProblem.zero(role, "less than 1ns"), at: span)
        }
        return time
    }

    mutating func rate(_ role: String) throws(Complaint) -> Double { try quantity(.rate, role) }

    /// A bare whole number: a count of things the statement names.
    mutating func count(_ role: String, in range: ClosedRange<Int>, example: String) throws(Complaint) -> Int
    {
        let token = try any("a number such as \(example)")
        let number = WrittenNumber(token.text)
        guard token.kind == .word, number.value != nil, number.suffix.isEmpty else {
            throw unexpected(token, expected: "a number such as \(example)")
        }
        if number.negative { throw Complaint(QuantityProblem.negative(role, token.text), at: token.span) }
        guard let value = Int(number.digits) else {
            throw Complaint(QuantityProblem.notWhole(role, token.text), at: token.span)
        }
        guard range.contains(value) else {
            throw Complaint(
                StructureProblem.outOfRange(
                    what: role, value: token.text, low: "\(range.lowerBound)", high: "\(range.upperBound)"),
                at: token.span)
        }
        return value
    }

    /// `1m30s`: units from large to small, each once. In nanoseconds.
    private static func compoundDuration(_ text: String) -> Double? {
        var rest = text
        var total = 0.0
        var last = Double.infinity
        while !rest.isEmpty {
            let number = WrittenNumber(rest)
            let suffix = String(number.suffix.prefix { !$0.isASCIIDigit && $0 != "." })
            guard !number.negative, let value = number.value,
                let unit = Quantity.duration.units.first(where: { $0.suffix == suffix }), unit.size < last
            else { return nil }
            total += value * unit.size
            last = unit.size
            rest = String(number.suffix.dropFirst(suffix.count))
        }
        return total
    }
}

/// What is wrong with a number.
enum QuantityProblem: Problem {
    case noUnit(String, Quantity, guess: String)
    case wrongUnit(String, suffix: String, Quantity)
    /// `100 ms`.
    case spaced(String, String)
    case negative(String, String)
    case zero(String, String)
    case tooLarge(String, String, limit: String)
    case notWhole(String, String)
}

extension QuantityProblem {
    var message: String {
        switch self {
        case .noUnit(let digits, _, _): "`\(digits)` has no unit"
        case .wrongUnit(let digits, let suffix, let kind):
            switch suffix.first {
            case ",", "_", ".": "`\(digits)\(suffix)` is not a number"
            default: "`\(suffix)` is not a unit of \(kind == .duration ? "time" : kind.rawValue)"
            }
        case .spaced(let digits, let unit): "a space between `\(digits)` and its unit `\(unit)`"
        case .negative(let role, let text): "\(role) is negative: \(text)"
        case .zero(let role, let text): "\(role) is zero: \(text)"
        case .tooLarge(let role, let text, let limit): "\(role) is \(text); the most is \(limit)"
        case .notWhole(let role, let text): "\(role) is not a whole number: \(text)"
        }
    }

    var help: String? {
        switch self {
        case .noUnit(_, let kind, let guess): "\(kind.unitList), as in \(guess)"
        case .wrongUnit(let digits, let suffix, let kind):
            if [",", "_", "."].contains(suffix.first) {
                "a decimal point is a `.`, and thousands are not grouped"
            } else if let meant = kind.aliases[suffix] {
                "did you mean `\(digits)\(meant)`?"
            } else {
                kind.unitList
            }
        case .spaced(let digits, let unit): "write \(digits)\(unit)"
        case .negative, .zero, .tooLarge, .notWhole: nil
        }
    }
}

extension Double {
    /// `80`, `0.5`, `33.333`: at most three decimals, none that are zero.
    var plain: String {
        let rounded = (self * 1000).rounded() / 1000
        guard abs(rounded) < 1e15 else { return String(self) }
        return rounded == rounded.rounded() ? String(Int64(rounded)) : String(rounded)
    }
}
