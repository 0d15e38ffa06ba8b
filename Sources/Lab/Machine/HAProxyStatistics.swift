/// The CSV that HAProxy's `show stat` answers with: a `# `-headed line of names, then one line per proxy and server.
///
/// It is asked several times a second and has some seventy lines of ninety fields, of which three or four are
/// wanted: so lines are found by their first two fields, and the rest is walked through only when a field is
/// asked for.
struct HAProxyStatistics: Sendable {
    private let text: [UInt8]
    private let columns: [String: Int]
    /// Where each line begins, by `proxy,server`.
    private let rows: [String: Int]

    init(csv: String) {
        let text = Array(csv.utf8)
        var columns: [String: Int] = [:]
        var rows: [String: Int] = [:]
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: Self.newline) ?? text.count
            if text[start] == UInt8(ascii: "#") {
                let names = String(decoding: text[start..<end].dropFirst(2), as: UTF8.self)
                for (index, name) in names.split(separator: ",", omittingEmptySubsequences: false)
                    .enumerated()
                {
                    columns[String(name)] = columns[String(name)] ?? index
                }
            } else if let first = text[start..<end].firstIndex(of: Self.comma),
                let second = text[(first + 1)..<end].firstIndex(of: Self.comma)
            {
                rows[String(decoding: text[start..<second], as: UTF8.self)] = start
            }
            start = end + 1
        }
        self.text = text
        self.columns = columns
        self.rows = rows
    }

    private static let newline = UInt8(ascii: "\n")
    private static let comma = UInt8(ascii: ",")

    /// One field of one server; nil if either is not there.
    func value(_ column: String, proxy: String, server: String) -> String? {
        guard let wanted = columns[column], var start = rows["\(proxy),\(server)"] else { return nil }
        for _ in 0..<wanted {
            guard let comma = text[start...].firstIndex(where: { $0 == Self.comma || $0 == Self.newline }),
                text[comma] == Self.comma
            else { return nil }
            start = comma + 1
        }
        let end = text[start...].firstIndex { $0 == Self.comma || $0 == Self.newline } ?? text.count
        return String(decoding: text[start..<end], as: UTF8.self)
    }

    /// Whether a server takes requests: `UP`, `UP 2/3` (one failed check so far), `no check`.
    func isUp(proxy: String, server: String) -> Bool? {
        value("status", proxy: proxy, server: server).map { $0.hasPrefix("UP") || $0 == "no check" }
    }
}
