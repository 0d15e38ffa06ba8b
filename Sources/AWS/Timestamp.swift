/// The two ways in which AWS writes a point in time, as seconds since 1970.
enum Timestamp {
    /// `2026-11-24T09:30:00Z`, with or without a fraction, or with `+00:00`; nil for anything else.
    static func seconds(iso8601 text: String) -> Double? {
        let parts = text.split(separator: "T")
        guard parts.count == 2, let utc = ["Z", "+00:00"].first(where: { text.hasSuffix($0) }) else {
            return nil
        }
        let date = parts[0].split(separator: "-").compactMap { Int($0) }
        let time = parts[1].dropLast(utc.count).split(separator: ":")
        guard date.count == 3, time.count == 3, let hour = Int(time[0]), let minute = Int(time[1]),
            let second = Double(time[2])
        else { return nil }
        return seconds(date[0], date[1], date[2]) + Double(hour * 3600 + minute * 60) + second
    }

    /// The `Date` header's form, `Tue, 24 Nov 2026 09:30:00 GMT`; nil for anything else.
    static func seconds(httpDate text: String) -> Double? {
        let words = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]),
            let month = months.firstIndex(of: String(words[2])), let year = Int(words[3])
        else { return nil }
        let time = words[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3 else { return nil }
        return seconds(year, month + 1, day) + Double(time[0] * 3600 + time[1] * 60 + time[2])
    }

    /// Midnight UTC of a day of the Gregorian calendar: Hinnant's days_from_civil, with years that start in March.
    private static func seconds(_ year: Int, _ month: Int, _ day: Int) -> Double {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Double((era * 146_097 + dayOfEra - 719_468) * 86_400)
    }
}
