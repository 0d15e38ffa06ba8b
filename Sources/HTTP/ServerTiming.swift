/// The `Server-Timing` metrics that answers are read for, and room for their durations.
///
/// Owned by whoever reads answers; the parsers point to their reader here, which most of the time nobody looks at. One
/// answer has `count` durations, in the order of the names.
package final class ServerTimingRoom {
    package let count: Int
    fileprivate let names: UnsafeMutablePointer<ShortWord>
    private let durations: UnsafeMutablePointer<Int64>
    private let readers: UnsafeMutablePointer<ServerTimingReader>

    /// Longer names are never found.
    package static let longestName = ShortWord.longest

    /// - Parameter answers: how many are read at once.
    package init(_ names: [String], answers: Int) {
        count = names.count
        self.names = .allocate(capacity: names.count)
        for (place, name) in names.enumerated() {
            var word = ShortWord()
            for byte in name.utf8 { word.append(byte) }
            (self.names + place).initialize(to: word)
        }
        durations = .allocate(capacity: names.count * answers)
        durations.initialize(repeating: ServerTimingReader.absent, count: names.count * answers)
        readers = .allocate(capacity: answers)
        for answer in 0..<(names.isEmpty ? 0 : answers) {
            (readers + answer).initialize(
                to: ServerTimingReader(
                    names: UnsafePointer(self.names), durations: durations + answer * names.count,
                    count: names.count))
        }
    }

    deinit {
        names.deallocate()
        durations.deallocate()
        readers.deallocate()
    }

    /// For the parser of one of the answers; valid as long as this object is. nil: no metric is read.
    package func reader(_ answer: Int) -> UnsafeMutablePointer<ServerTimingReader>? {
        count == 0 ? nil : readers + answer
    }
}

/// Reads the value of a `Server-Timing` header, byte by byte (W3C Server Timing, §3):
///
///     db;dur=53.25, cache;desc="hit, or miss";dur=1
///
/// It never fails and never allocates: what is not well formed has no duration. A metric that comes more than once
/// counts with the sum. Names are compared without regard to case.
package struct ServerTimingReader {
    /// The metric was not there, or had no duration.
    package static let absent: Int64 = -1
    /// 115 days, in nanoseconds: longer ones are cut to it, so that sums cannot overflow.
    private static let longest: Int64 = 10_000_000_000_000_000

    private enum State: UInt8 { case metric, parameter, value, quoted, escaped }

    private let names: UnsafePointer<ShortWord>
    private let durations: UnsafeMutablePointer<Int64>
    private let count: Int

    private var state = State.metric
    private var word = ShortWord()
    /// Which of the names; -1: another.
    private var metric = -1
    private var hasDuration = false
    private var isDuration = false
    // The number: milliseconds before the point, and up to six digits after it.
    private var isNumber = true
    private var digits = 0
    private var whole: Int64 = 0
    private var fraction: Int64 = 0
    /// -1 before the point.
    private var decimals = -1

    fileprivate init(names: UnsafePointer<ShortWord>, durations: UnsafeMutablePointer<Int64>, count: Int) {
        (self.names, self.durations, self.count) = (names, durations, count)
    }

    /// Nanoseconds, or `absent`.
    @inline(__always)
    package subscript(metric: Int) -> Int64 {
        guard metric >= 0, metric < count else { return Self.absent }
        return durations[metric]
    }

    /// Ready for another answer.
    mutating func reset() {
        endHeader()
        durations.update(repeating: Self.absent, count: count)
    }

    /// Nothing of the header follows.
    mutating func endHeader() {
        endMetric()
        state = .metric
    }

    mutating func take(_ byte: UInt8) {
        switch state {
        case .metric:
            switch byte {
            case 0x3B: startParameters()
            case 0x2C: endMetric()
            case 0x20, 0x09, 0x0D: break
            default: word.append(byte)
            }
        case .parameter: takeParameter(byte)
        case .value: takeValue(byte)
        case .quoted:
            switch byte {
            case 0x22: state = .value
            case 0x5C: state = .escaped
            default: takeDigit(byte)
            }
        case .escaped:
            takeDigit(byte)
            state = .quoted
        }
    }

    private mutating func startParameters() {
        metric = -1
        for place in 0..<count where names[place] == word { metric = place }
        hasDuration = false
        word.clear()
        state = .parameter
    }

    private mutating func takeParameter(_ byte: UInt8) {
        switch byte {
        case 0x3D:
            // The first of two parameters with one name counts.
            isDuration = !hasDuration && word == .duration
            (isNumber, digits, whole, fraction, decimals) = (true, 0, 0, 0, -1)
            word.clear()
            state = .value
        case 0x3B: word.clear()
        case 0x2C: endMetric()
        case 0x20, 0x09, 0x0D: break
        default: word.append(byte)
        }
    }

    private mutating func takeValue(_ byte: UInt8) {
        switch byte {
        case 0x3B:
            endValue()
            state = .parameter
        case 0x2C: endMetric()
        case 0x22: state = .quoted
        case 0x20, 0x09, 0x0D: break
        default: takeDigit(byte)
        }
    }

    private mutating func takeDigit(_ byte: UInt8) {
        let digit = Int64(byte) - 0x30
        if byte == 0x2E {
            // A second one must not open the decimals again: they would grow without end.
            if decimals >= 0 { isNumber = false } else { decimals = 0 }
        } else if digit < 0 || digit > 9 {
            isNumber = false
        } else if decimals < 0 {
            digits = 1
            whole = min(whole * 10 + digit, Self.longest / 1_000_000)
        } else {
            digits = 1
            if decimals < 6 {
                fraction = fraction * 10 + digit
                decimals += 1
            }
        }
    }

    private mutating func endValue() {
        guard isDuration else { return }
        isDuration = false
        hasDuration = true
        guard isNumber, digits > 0, metric >= 0 else { return }
        while decimals < 6 {
            if decimals < 0 { decimals = 0 }
            fraction *= 10
            decimals += 1
        }
        let time = min(whole * 1_000_000 + fraction, Self.longest)
        durations[metric] = min(max(durations[metric], 0) + time, Self.longest)
    }

    private mutating func endMetric() {
        if state != .metric, state != .parameter { endValue() }
        metric = -1
        isDuration = false
        word.clear()
        state = .metric
    }
}
