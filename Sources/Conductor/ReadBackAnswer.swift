import Foundation
package import History

/// What one answer to a read-back says of the write. Pure.
package enum ReadBackAnswer {
    /// nil: it says nothing, ask again (5xx, 429, any other status).
    package static func judge(status: Int, body: [UInt8], sent entry: LedgerEntry) -> LedgerEntry.ReadBack? {
        switch status {
        case 404, 410: .absent
        case 200...299: content(body, sent: entry)
        default: nil
        }
    }

    /// Every top-level field that was sent must come back with its value; further fields are the server's own.
    private static func content(_ body: [UInt8], sent entry: LedgerEntry) -> LedgerEntry.ReadBack {
        guard let sent = object(Array(entry.body.utf8)) as? [String: Any] else { return .present }
        switch object(body) {
        case let found as [String: Any]: return matches(found, sent) ? .present : .corrupt
        case let list as [[String: Any]]:
            let mine = list.filter { item in item.values.contains { ($0 as? String) == entry.key } }
            if mine.isEmpty { return .absent }
            if mine.count > 1 { return .duplicate }
            return matches(mine[0], sent) ? .present : .corrupt
        default: return .corrupt
        }
    }

    private static func matches(_ found: [String: Any], _ sent: [String: Any]) -> Bool {
        sent.allSatisfy { name, value in
            guard let other = found[name] else { return false }
            return equal(value, other)
        }
    }

    /// JSON values, without a view of their Swift types: numbers by value, lists and objects by their parts.
    private static func equal(_ a: Any, _ b: Any) -> Bool {
        switch (a, b) {
        case (let a as String, let b as String): a == b
        case (let a as NSNumber, let b as NSNumber): a == b
        case (is NSNull, is NSNull): true
        case (let a as [Any], let b as [Any]): a.count == b.count && zip(a, b).allSatisfy { equal($0, $1) }
        case (let a as [String: Any], let b as [String: Any]): a.count == b.count && matches(b, a)
        default: false
        }
    }

    private static func object(_ bytes: [UInt8]) -> Any? {
        // Not JSON is an answer too, and `content` names it; the parser's words would add nothing.
        try? JSONSerialization.jsonObject(with: Data(bytes))
    }
}
