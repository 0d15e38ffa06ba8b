import HTTP

/// How AWS writes a point in time in its documents, as seconds since 1970.
enum Timestamp {
    /// `2026-11-24T09:30:00Z`, with or without a fraction, or with `+00:00`; nil for anything else.
    static func seconds(iso8601 text: String) -> Double? {
        let parts = text.split(separator: "T")
        guard parts.count == 2, let utc = ["Z", "+00:00"].first(where: { text.hasSuffix($0) }) else {
            return nil
        }
        let date = parts[0].split(separator: "-").compactMap { Int64($0) }
        let time = parts[1].dropLast(utc.count).split(separator: ":")
        guard date.count == 3, time.count == 3, let hour = Int(time[0]), let minute = Int(time[1]),
            let second = Double(time[2])
        else { return nil }
        let day = Double(HTTPDate.days(date[0], date[1], date[2]))
        return day * 86_400 + Double(hour * 3600 + minute * 60) + second
    }
}
