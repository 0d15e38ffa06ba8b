/// The CSV that HAProxy's `show stat` answers with: a `# `-headed line of names, then one line per proxy and
/// server.
struct HAProxyStatistics: Sendable {
    private let columns: [Substring: Int]
    private let rows: [[Substring]]

    init(csv: String) {
        let lines = csv.split(separator: "\n")
        let header = lines.first { $0.hasPrefix("# ") }?.dropFirst(2) ?? ""
        columns = Dictionary(
            header.split(separator: ",", omittingEmptySubsequences: false).enumerated().map { ($1, $0) },
            uniquingKeysWith: { first, _ in first })
        rows = lines.filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }

    /// One field of one server; nil if either is not there.
    func value(_ column: String, proxy: String, server: String) -> String? {
        guard let proxyColumn = columns["pxname"], let serverColumn = columns["svname"],
            let wanted = columns[Substring(column)]
        else { return nil }
        let row = rows.first {
            $0.count > max(wanted, serverColumn) && $0[proxyColumn] == proxy && $0[serverColumn] == server
        }
        return row.map { String($0[wanted]) }
    }

    /// Whether a server takes requests: `UP`, `UP 2/3` (one failed check so far), `no check`.
    func isUp(proxy: String, server: String) -> Bool? {
        value("status", proxy: proxy, server: server).map { $0.hasPrefix("UP") || $0 == "no check" }
    }
}
