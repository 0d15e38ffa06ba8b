import Foundation

/// One page of a list. Tokens name the last item shown, so that a list may change between two pages.
struct Page<Item> {
    let items: [Item]
    /// Nil on the last page.
    let next: String?

    /// `items` in the order of `key`, those after `token`, at most `size`. Nil when the token is none of
    /// ours.
    init?(_ items: [Item], by key: (Item) -> String, after token: String?, size: Int) {
        var rest = items.sorted { key($0) < key($1) }
        if let token {
            guard let data = Data(base64Encoded: token), let text = String(data: data, encoding: .utf8),
                text.hasPrefix("after:")
            else { return nil }
            let last = String(text.dropFirst(6))
            rest = rest.filter { key($0) > last }
        }
        let shown = Array(rest.prefix(size))
        self.items = shown
        next =
            rest.count > size ? shown.last.map { Data("after:\(key($0))".utf8).base64EncodedString() } : nil
    }
}

extension Int {
    /// As twelve digits: texts of one length sort as their numbers do, which a page's keys must.
    var padded: String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, 12 - digits.count)) + digits
    }
}
