import Glibc

/// The two ways in which recordings write a time, read strictly; in microseconds since 1970.
struct RecordedTime {
    private var rest: ArraySlice<UInt8>

    private init(_ text: ArraySlice<UInt8>) { rest = text }

    static let logLength = 26

    /// `10/Oct/2000:13:55:36 -0700`: of access logs.
    static func log(_ text: ArraySlice<UInt8>) -> Int64? {
        var reader = RecordedTime(text)
        guard let day = reader.number(2), reader.take("/"), let month = reader.month(), reader.take("/"),
            let year = reader.number(4), reader.take(":"), let seconds = reader.clock(), reader.take(" "),
            let offset = reader.offset(), reader.rest.isEmpty,
            let days = days(year, month, day)
        else { return nil }
        return (days * 86_400 + seconds - offset) * 1_000_000
    }

    /// `2018-07-02T22:23:00.186641Z`, `…+02:00`: ISO 8601.
    static func iso(_ text: ArraySlice<UInt8>) -> Int64? {
        var reader = RecordedTime(text)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T"), let seconds = reader.clock(),
            let fraction = reader.fraction(), let offset = reader.take("Z") ? 0 : reader.offset(),
            reader.rest.isEmpty, let days = days(year, month, day)
        else { return nil }
        return (days * 86_400 + seconds - offset) * 1_000_000 + fraction
    }

    // MARK: Parts

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == scalar.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func number(_ digits: Int) -> Int64? {
        guard rest.count >= digits else { return nil }
        var value: Int64 = 0
        for byte in rest.prefix(digits) {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        rest = rest.dropFirst(digits)
        return value
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private mutating func month() -> Int64? {
        guard let place = Self.months.firstIndex(where: { rest.starts(with: $0.utf8) }) else { return nil }
        rest = rest.dropFirst(3)
        return Int64(place + 1)
    }

    /// `13:55:36`; a leap second is the one before it.
    private mutating func clock() -> Int64? {
        guard let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60, take(":"),
            let second = number(2), second <= 60
        else { return nil }
        return hour * 3_600 + minute * 60 + min(second, 59)
    }

    /// `.186641`, or nothing. Digits beyond microseconds are dropped.
    private mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        let wanted = Array(digits.prefix(6)) + Array(repeating: 0x30, count: max(0, 6 - digits.count))
        return wanted.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// `-0700`, `+02:00`
    private mutating func offset() -> Int64? {
        let isNegative = take("-")
        guard isNegative || take("+"), let hours = number(2), hours < 24 else { return nil }
        _ = take(":")
        guard let minutes = number(2), minutes < 60 else { return nil }
        return (hours * 3_600 + minutes * 60) * (isNegative ? -1 : 1)
    }

    /// Since 1970, in the Gregorian calendar; nil: there is no such day.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
        var date = tm()
        (date.tm_year, date.tm_mon, date.tm_mday) = (Int32(year) - 1900, Int32(month) - 1, Int32(day))
        let seconds = timegm(&date)
        // The 30th of February becomes a day of March.
        return date.tm_mon == month - 1 && date.tm_mday == day ? Int64(seconds) / 86_400 : nil
    }
}
