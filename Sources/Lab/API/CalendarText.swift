/// Calendar dates as text, in UTC, without locale or formatter.
enum CalendarText {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `2026-11-23T10:15:00.123Z`
    static func iso(_ seconds: Double) -> String {
        let milliseconds = Int64((seconds * 1000).rounded())
        let second = milliseconds / 1000
        let (year, month, day) = civil(second / 86_400)
        return "\(year)-\(two(month))-\(two(day))T\(time(second))." + padded(milliseconds % 1000, 3) + "Z"
    }

    /// `Mon, 23 Nov 2026 10:15:00 GMT`: the Date header (RFC 9110 §5.6.7).
    static func http(_ seconds: Double) -> String {
        let second = Int64(seconds)
        let (year, month, day) = civil(second / 86_400)
        let name = days[Int(second / 86_400 % 7)]
        return "\(name), \(two(day)) \(months[Int(month) - 1]) \(year) \(time(second)) GMT"
    }

    private static func time(_ second: Int64) -> String {
        let rest = second % 86_400
        return "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
    }

    private static func two(_ value: Int64) -> String { padded(value, 2) }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// Days since 1970 to a date of the Gregorian calendar. Years are counted from March, so that the leap
    /// day comes
    /// last: then the days before a month are (153 m + 2) / 5, and 400 years have 146,097 days.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468  // from 0000-03-01
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let index = (5 * dayOfYear + 2) / 153
        let month = index < 10 ? index + 3 : index - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * index + 2) / 5 + 1)
    }
}
