/// EC2's filters: `Filter.1.Name=availability-zone&Filter.1.Value.1=ap-south-1a`. All must match; a value may
/// hold
/// `*` and `?`.
struct EC2Filters {
    private let rows: [(name: String, values: [String])]

    init(_ form: FormParameters) throws(APIError) {
        var rows: [(String, [String])] = []
        for index in form.indices("Filter") {
            guard let name = form["Filter.\(index).Name"] else {
                throw APIError("InvalidParameterValue", "The filter 'null' is invalid")
            }
            rows.append((name, form.list("Filter.\(index).Value")))
        }
        self.rows = rows
    }

    /// `attributes` gives what a filter's name means for one thing; nil for a name that EC2 does not know.
    /// `tag:KEY` and `tag-key` are the same for all.
    func match(tags: [Tag], _ attributes: (String) -> [String]?) throws(APIError) -> Bool {
        for (name, patterns) in rows {
            let values: [String]
            if name.hasPrefix("tag:") {
                values = tags.filter { $0.key == name.dropFirst(4) }.map(\.value)
            } else if name == "tag-key" {
                values = tags.map(\.key)
            } else if let known = attributes(name) {
                values = known
            } else {
                throw APIError("InvalidParameterValue", "The filter '\(name)' is invalid")
            }
            guard patterns.contains(where: { pattern in values.contains { Self.matches($0, pattern) } })
            else {
                return false
            }
        }
        return true
    }

    /// Glob match in time linear in text times stars: only the last star is ever tried again.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let (text, pattern) = (Array(text), Array(pattern))
        var (at, want) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while at < text.count {
            if want < pattern.count, pattern[want] == "*" {
                star = (want, at)
                want += 1
            } else if want < pattern.count, pattern[want] == "?" || pattern[want] == text[at] {
                at += 1
                want += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                at = last.text + 1
                want = last.pattern + 1
            } else {
                return false
            }
        }
        return pattern[want...].allSatisfy { $0 == "*" }
    }
}
