/// "Did you mean": the known word that is nearest to the one written, if it is near enough to be meant.
enum Suggestion {
    private static let lengthLimit = 120

    /// nil if nothing is near: more than a third of the letters would have to change.
    static func nearest(to word: String, among known: [String]) -> String? {
        // The distance takes the product of both lengths; nothing that long is a slip of the hand.
        guard word.unicodeScalars.count <= lengthLimit else { return nil }
        let written = word.lowercased()
        var best: (word: String, distance: Int)?
        for candidate in known where candidate != word {
            let target = candidate.lowercased()
            let allowed = max(1, min(written.count, target.count) / 3)
            guard abs(written.count - target.count) <= allowed else { continue }
            let distance = distance(Array(written), Array(target))
            if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        if let best { return best.word }
        // A beginning that only one known word has: `flask` for `flask-app`.
        let longer = known.filter { written.count >= 3 && $0.lowercased().hasPrefix(written) && $0 != word }
        return longer.count == 1 ? longer[0] : nil
    }

    /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count { rows[i][0] = i }
        for j in 0...b.count { rows[0][j] = j }
        for i in 1...a.count {
            for j in 1...b.count {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
                }
            }
        }
        return rows[a.count][b.count]
    }

    /// `did you mean `x`?`, or the choices there are.
    static func help(for word: String, among known: [String], calling kind: String) -> String? {
        if let near = nearest(to: word, among: known) { return "did you mean `\(near)`?" }
        return known.isEmpty ? nil : "\(kind): \(known.joined(separator: ", "))"
    }
}
