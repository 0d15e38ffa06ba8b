/// A date of HTTP, read as RFC 6265 §5.1.1 reads those of cookies, which is lenient and takes those of `Date` as well.
///
///     Thu, 01 Jan 1970 00:00:00 GMT
package enum HTTPDate {
    /// Seconds since 1970; nil: not a date.
    package static func seconds(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { seconds(UnsafeRawBufferPointer($0)) }
    }

    static func seconds(_ text: UnsafeRawBufferPointer) -> Int64? {
        var (time, day, month, year): (Int64?, Int64?, Int64?, Int64?)
        var at = 0
        while at < text.count {
            while at < text.count, isDelimiter(text[at]) { at += 1 }
            let start = at
            while at < text.count, !isDelimiter(text[at]) { at += 1 }
            let token = UnsafeRawBufferPointer(rebasing: text[start..<at])
            if time == nil, let found = timeOfDay(token) {
                time = found
            } else if day == nil, let found = number(token, digits: 1...2) {
                day = found
            } else if month == nil, let found = self.month(token) {
                month = found
            } else if year == nil, let found = number(token, digits: 2...4) {
                year = found < 70 ? found + 2000 : found < 100 ? found + 1900 : found
            }
        }
        guard let time, let day, let month, let year, (1...31).contains(day), year >= 1601 else { return nil }
        return days(year, month, day) * 86_400 + time
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x20...0x2F, 0x3B...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    private static func timeOfDay(_ token: UnsafeRawBufferPointer) -> Int64? {
        var parts: (Int64, Int64, Int64) = (0, 0, 0)
        var part = 0
        var digits = 0
        for byte in token {
            if byte == 0x3A {
                guard digits > 0, part < 2 else { return nil }
                part += 1
                digits = 0
            } else {
                guard let digit = byte.digit, digits < 2 else { return nil }
                digits += 1
                switch part {
                case 0: parts.0 = parts.0 * 10 + Int64(digit)
                case 1: parts.1 = parts.1 * 10 + Int64(digit)
                default: parts.2 = parts.2 * 10 + Int64(digit)
                }
            }
        }
        guard part == 2, digits > 0, parts.0 < 24, parts.1 < 60, parts.2 < 60 else { return nil }
        return parts.0 * 3600 + parts.1 * 60 + parts.2
    }

    private static func number(_ token: UnsafeRawBufferPointer, digits: ClosedRange<Int>) -> Int64? {
        guard digits.contains(token.count) else { return nil }
        var value: Int64 = 0
        for byte in token {
            guard let digit = byte.digit else { return nil }
            value = value * 10 + Int64(digit)
        }
        return value
    }

    private static func month(_ token: UnsafeRawBufferPointer) -> Int64? {
        guard token.count >= 3 else { return nil }
        let names: StaticString = "janfebmaraprmayjunjulaugsepoctnovdec"
        for month in 0..<12 {
            let isIt = (0..<3).allSatisfy { token[$0].lowercased == names.utf8Start[month * 3 + $0] }
            if isIt { return Int64(month + 1) }
        }
        return nil
    }

    /// Days from 1970-01-01 of the Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    package static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
