import Foundation

/// The parameters of a call that is served in JSON and in Query alike: a tree of structures, lists and values.
struct WireParameters: Sendable {
    private let root: JSONValue
    /// Values of forms are all text.
    private let isForm: Bool

    init(_ json: JSONParameters) {
        root = json.root
        isForm = false
    }

    /// `Dimensions.member.1.Name=ClusterName`; no action's input is so deep that `depthMax` is reached.
    init(_ form: FormParameters) throws(APIError) {
        let paths = form.values.map { (path: $0.key.split(separator: ".")[...], value: $0.value) }
        root = try Self.tree(paths)
        isForm = true
    }

    private init(_ root: JSONValue, isForm: Bool) {
        self.root = root
        self.isForm = isForm
    }

    private static let depthMax = 24
    private typealias Leaf = (path: ArraySlice<Substring>, value: String)

    private static func tree(_ leaves: [Leaf]) throws(APIError) -> JSONValue {
        if let end = leaves.first(where: { $0.path.isEmpty }) { return .string(end.value) }
        var groups: [Substring: [Leaf]] = [:]
        for leaf in leaves {
            guard leaf.path.count <= depthMax, let head = leaf.path.first else {
                throw APIError(
                    "MalformedQueryString", "The query string contains a syntax error.", status: 404)
            }
            groups[head, default: []].append((leaf.path.dropFirst(), leaf.value))
        }
        var members: [(String, JSONValue)] = []
        for (name, leaves) in groups { members.append((String(name), try tree(leaves))) }
        guard members.count == 1, members[0].0 == "member", case .object(let items) = members[0].1 else {
            return .object(members)
        }
        return .array(items.sorted { (Int($0.0) ?? 0) < (Int($1.0) ?? 0) }.map(\.1))
    }

    private func wrong(_ key: String, _ expected: String) -> APIError {
        isForm
            ? APIError("ValidationError", "\(key) must be \(expected)")
            : APIError("SerializationException", "\(key) must be \(expected)")
    }

    /// Nil when it is absent.
    private func value(_ key: String) -> JSONValue? {
        if case .null? = root[key] { return nil }
        return root[key]
    }

    func string(_ key: String) throws(APIError) -> String? {
        switch value(key) {
        case nil: return nil
        case .string(let text)?: return text
        default: throw wrong(key, "a string")
        }
    }

    func double(_ key: String) throws(APIError) -> Double? {
        switch value(key) {
        case nil: return nil
        case .int(let number)?: return Double(number)
        case .double(let number)? where number.isFinite: return number
        case .string(let text)? where isForm:
            if let number = Double(text), number.isFinite { return number }
            throw wrong(key, "a number")
        default: throw wrong(key, "a number")
        }
    }

    func int(_ key: String) throws(APIError) -> Int? {
        guard let number = try double(key) else { return nil }
        guard let whole = Int(exactly: number) else { throw wrong(key, "an integer") }
        return whole
    }

    func bool(_ key: String) throws(APIError) -> Bool? {
        switch value(key) {
        case nil: return nil
        case .bool(let flag)?: return flag
        case .string("true")? where isForm: return true
        case .string("false")? where isForm: return false
        default: throw wrong(key, "a boolean")
        }
    }

    /// Seconds since 1970. JSON carries them as a number, Query as ISO 8601; clients send both where they may.
    func date(_ key: String) throws(APIError) -> Double? {
        if case .string(let text)? = value(key) {
            guard let seconds = CalendarText.seconds(iso: text) else { throw wrong(key, "a timestamp") }
            return seconds
        }
        return try double(key)
    }

    func object(_ key: String) throws(APIError) -> WireParameters? {
        switch value(key) {
        case nil: return nil
        case .object?: return WireParameters(value(key) ?? .null, isForm: isForm)
        default: throw wrong(key, "a structure")
        }
    }

    /// Nil when absent; of forms an empty list cannot be told from none.
    func objects(_ key: String) throws(APIError) -> [WireParameters]? {
        guard let items = try items(key) else { return nil }
        var found: [WireParameters] = []
        for item in items {
            guard case .object = item else { throw wrong(key, "a list of structures") }
            found.append(WireParameters(item, isForm: isForm))
        }
        return found
    }

    func strings(_ key: String) throws(APIError) -> [String]? {
        guard let items = try items(key) else { return nil }
        var found: [String] = []
        for item in items {
            guard case .string(let text) = item else { throw wrong(key, "a list of strings") }
            found.append(text)
        }
        return found
    }

    private func items(_ key: String) throws(APIError) -> [JSONValue]? {
        switch value(key) {
        case nil: return nil
        case .array(let items)?: return items
        case .string("")? where isForm: return []
        default: throw wrong(key, "a list")
        }
    }
}

extension CalendarText {
    /// `2026-11-23T10:15:00.123Z`, with or without fraction, `Z` or an offset; a date without either is UTC.
    static func seconds(iso text: String) -> Double? {
        let pattern = /(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:?\d\d)?)?/
        guard let match = text.wholeMatch(of: pattern)?.output, let year = Int(match.1),
            let month = Int(match.2),
            let day = Int(match.3), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var seconds = Double(days(year, month, day)) * 86_400
        seconds += (match.4.flatMap { Double($0) } ?? 0) * 3600 + (match.5.flatMap { Double($0) } ?? 0) * 60
        seconds += match.6.flatMap { Double($0) } ?? 0
        guard let zone = match.7, zone != "Z" else { return seconds }
        let digits = zone.filter(\.isNumber)
        let offset = (Double(digits.prefix(2)) ?? 0) * 3600 + (Double(digits.suffix(2)) ?? 0) * 60
        return seconds - (zone.hasPrefix("-") ? -offset : offset)
    }

    /// Days since 1970 of a date: the inverse of `civil`, by the same reckoning.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (shifted / 400, shifted % 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
