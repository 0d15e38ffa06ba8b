import Glibc

/// The cookies of one user at one host, kept as a browser does (RFC 6265), in room that is made once.
///
/// A cookie of more than 4,096 bytes is not taken; when there is no room for another one, the oldest goes. It never
/// allocates. Cookies stand in the order in which they are sent: those of longer paths first, then the older ones.
package struct CookieJar {
    package static let cookieLimit = 4096
    package static let countLimit = 32
    /// Of names, values and paths together.
    package static let textLimit = 8192
    package static let roomSize = countLimit * MemoryLayout<Entry>.stride + textLimit

    private struct Entry {
        var nameCount: UInt16
        /// `name=value`
        var pairCount: UInt16
        var pathCount: UInt16
        var order: UInt32
        /// On the clock of the calls.
        var expires: Int64
        var textCount: Int { Int(pairCount) + Int(pathCount) }
    }

    /// Where and when an answer came.
    package struct Origin {
        /// In lower case.
        package var host: UnsafeRawBufferPointer
        package var isEncrypted: Bool
        /// Path and query of the request.
        package var path: UnsafeRawBufferPointer
        /// Nanoseconds, on any one clock.
        package var now: Int64

        package init(
            host: UnsafeRawBufferPointer, isEncrypted: Bool, path: UnsafeRawBufferPointer, now: Int64
        ) {
            self.host = host
            self.isEncrypted = isEncrypted
            self.path = path
            self.now = now
        }
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let text: UnsafeMutablePointer<UInt8>
    package private(set) var count = 0
    private var textCount = 0
    private var taken: UInt32 = 0

    /// - Parameter room: `roomSize` bytes, aligned to 8, that outlive it.
    package init(room: UnsafeMutableRawPointer) {
        entries = room.bindMemory(to: Entry.self, capacity: Self.countLimit)
        text = (room + Self.countLimit * MemoryLayout<Entry>.stride)
            .bindMemory(to: UInt8.self, capacity: Self.textLimit)
    }

    package mutating func clear() { (count, textCount, taken) = (0, 0, 0) }

    /// Each cookie that the answer sets, changes or takes away.
    package mutating func take(_ head: ResponseHead, _ origin: Origin) {
        var (head, dates) = (head, head)
        var date: Int64?
        while let value = head.next("set-cookie") {
            guard let cookie = SetCookie(value) else { continue }
            if date == nil, cookie.expires != nil { date = Self.date(&dates) }
            take(cookie, origin, date: date ?? Self.before)
        }
    }

    /// By the server's own clock: ours may be another, and only the difference counts.
    private static func date(_ head: inout ResponseHead) -> Int64 {
        head.next("date").flatMap(HTTPDate.seconds) ?? before
    }

    /// 2024, for a server that does not tell the time: what was to expire before is there to be taken away.
    private static let before: Int64 = 1_704_067_200

    private mutating func take(_ cookie: SetCookie, _ origin: Origin, date: Int64) {
        if cookie.isSecure, !origin.isEncrypted { return }
        if let domain = cookie.domain, !Self.isOf(origin.host, domain) { return }
        let path = cookie.path ?? Self.folder(of: origin.path)
        guard cookie.pair.count <= Self.cookieLimit, path.count <= Self.cookieLimit else { return }
        let seconds = cookie.maxAge ?? cookie.expires.map { $0 - date }
        var order = taken
        if let known = place(of: cookie.name, path) {
            order = entries[known].order
            remove(known)
        } else {
            taken += 1
        }
        if let seconds, seconds <= 0 { return }
        while count == Self.countLimit || textCount + cookie.pair.count + path.count > Self.textLimit {
            removeOldest()
        }
        // So that it cannot overflow.
        let expires = seconds.map { origin.now + min($0, SetCookie.century) * 1_000_000_000 } ?? .max
        insert(cookie, path, order: order, expires: expires)
    }

    /// The host itself, or a domain that it is in.
    private static func isOf(_ host: UnsafeRawBufferPointer, _ domain: UnsafeRawBufferPointer) -> Bool {
        guard host.count >= domain.count else { return false }
        let start = host.count - domain.count
        for place in 0..<domain.count where host[start + place] != domain[place].lowercased { return false }
        if start == 0 { return true }
        // An address is in no domain.
        return host[start - 1] == 0x2E && host.contains { $0 &- 0x61 < 26 }
    }

    /// RFC 6265 §5.1.4, the default path: up to the last slash, and without it.
    private static func folder(of path: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let end = path.firstIndex(of: 0x3F) ?? path.count
        let slash = path[..<end].lastIndex(of: 0x2F) ?? 0
        return UnsafeRawBufferPointer(rebasing: path[..<min(path.count, max(1, slash))])
    }

    private func place(of name: UnsafeRawBufferPointer, _ path: UnsafeRawBufferPointer) -> Int? {
        var start = 0
        for place in 0..<count {
            let entry = entries[place]
            if bytes(start, Int(entry.nameCount)).isSame(as: name),
                bytes(start + Int(entry.pairCount), Int(entry.pathCount)).isSame(as: path)
            {
                return place
            }
            start += entry.textCount
        }
        return nil
    }

    private func bytes(_ start: Int, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text + start, count: count)
    }

    private func start(of place: Int) -> Int { (0..<place).reduce(0) { $0 + entries[$1].textCount } }

    private mutating func remove(_ place: Int) {
        let start = start(of: place)
        let length = entries[place].textCount
        memmove(text + start, text + start + length, textCount - start - length)
        textCount -= length
        for later in place..<(count - 1) { entries[later] = entries[later + 1] }
        count -= 1
    }

    private mutating func removeOldest() {
        guard let oldest = (0..<count).min(by: { entries[$0].order < entries[$1].order }) else { return }
        remove(oldest)
    }

    private mutating func insert(
        _ cookie: SetCookie, _ path: UnsafeRawBufferPointer, order: UInt32, expires: Int64
    ) {
        let place =
            (0..<count).first {
                let there = entries[$0]
                return Int(there.pathCount) < path.count
                    || Int(there.pathCount) == path.count && there.order > order
            } ?? count
        let start = start(of: place)
        let length = cookie.pair.count + path.count
        memmove(text + start + length, text + start, textCount - start)
        if let pair = cookie.pair.baseAddress { memcpy(text + start, pair, cookie.pair.count) }
        if let folder = path.baseAddress { memcpy(text + start + cookie.pair.count, folder, path.count) }
        textCount += length
        for later in stride(from: count, to: place, by: -1) { entries[later] = entries[later - 1] }
        entries[place] = Entry(
            nameCount: UInt16(cookie.nameCount), pairCount: UInt16(cookie.pair.count),
            pathCount: UInt16(path.count), order: order, expires: expires)
        count += 1
    }

    /// Those whose time is over go.
    package mutating func expire(at now: Int64) {
        for place in stride(from: count - 1, through: 0, by: -1) where entries[place].expires <= now {
            remove(place)
        }
    }

    /// Each `name=value` that a request for this path and query carries, in their order.
    @inline(__always)
    package func forEach(for path: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        for place in 0..<count {
            let entry = entries[place]
            if Self.covers(bytes(start + Int(entry.pairCount), Int(entry.pathCount)), path) {
                body(bytes(start, Int(entry.pairCount)))
            }
            start += entry.textCount
        }
    }

    /// RFC 6265 §5.1.4, path-match.
    private static func covers(_ folder: UnsafeRawBufferPointer, _ path: UnsafeRawBufferPointer) -> Bool {
        guard path.count >= folder.count, let last = folder.last, path.starts(with: folder) else {
            return false
        }
        if path.count == folder.count || last == 0x2F { return true }
        return path[folder.count] == 0x2F || path[folder.count] == 0x3F
    }
}
