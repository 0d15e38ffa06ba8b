import HTTP
import Plan

/// Where an answer has led a request to.
struct Redirect {
    /// And query.
    var path: CompiledTemplate.Text
    /// It is asked for by GET, without the request's body.
    var isBodiless: Bool
}

/// Requests that follow redirects: where each slot's has been led to so far.
///
/// All room is made once; a slot takes a page of memory or two when its request first follows.
final class RedirectChains {
    /// Redirects of one request that are followed.
    static let limit = 10
    /// The longest path and query that one leads to, in bytes.
    static let pathLimit = 8192

    private struct Chain {
        var count = 0
        var pathCount = 0
        var isBodiless = false
    }

    private let chains: UnsafeMutablePointer<Chain>
    private let memory: UntouchedMemory
    /// The heads of a journey's answers are kept by its visits.
    private let keepsHeads: Bool
    private let host: CompiledTemplate.Text
    private let isEncrypted: Bool
    private let port: Int
    let troubles: RedirectTroubles

    /// nil: no request follows.
    init?(_ job: Worker.Job) throws(Poller.SetupError) {
        guard job.plan.requests.contains(where: { $0.redirects == .followed }) else { return nil }
        memory = try UntouchedMemory(byteCount: job.limit * Self.roomSize)
        chains = .allocate(capacity: job.limit)
        chains.initialize(repeating: Chain(), count: job.limit)
        keepsHeads = job.stream.journey == nil
        host = CompiledTemplate.copy(
            job.target.host.lowercased().filter { $0 != "[" && $0 != "]" })
        isEncrypted = job.target.scheme == "https"
        port = job.target.port
        troubles = RedirectTroubles(routes: job.plan.requests.count)
    }

    deinit {
        troubles.free()
        host.deallocate()
        chains.deallocate()
        memory.free()
    }

    private static let roomSize = Visits.headRoom + pathLimit

    /// The request is about to be sent: room for the heads of its answers, if it follows them.
    func prepare(_ slot: UnsafeMutablePointer<Slot>, _ number: Int, _ route: RoutePlan) {
        chains[number] = Chain()
        guard keepsHeads else { return }
        let room = memory.start + number * Self.roomSize
        slot.pointee.parser.headRoom = UnsafeMutableRawBufferPointer(
            start: route.followsRedirects ? room : nil, count: route.followsRedirects ? Visits.headRoom : 0)
    }

    /// nil: it has not been led anywhere.
    @inline(__always)
    func redirect(of number: Int) -> Redirect? {
        let chain = chains[number]
        guard chain.count > 0 else { return nil }
        return Redirect(
            path: CompiledTemplate.Text(rebasing: UnsafeBufferPointer(path(of: number))[..<chain.pathCount]),
            isBodiless: chain.isBodiless)
    }

    private func path(of number: Int) -> UnsafeMutableBufferPointer<UInt8> {
        let start = memory.start + number * Self.roomSize + Visits.headRoom
        return UnsafeMutableBufferPointer(
            start: start.assumingMemoryBound(to: UInt8.self), count: Self.pathLimit)
    }

    /// Goes where the answer leads. False: it can be followed no further, which is counted.
    ///
    /// - Parameter request: as it was sent.
    func lead(
        _ number: Int, _ route: Int, by answer: ResponseParser, request: UnsafeRawBufferPointer
    ) -> Bool {
        var head = ResponseHead(UnsafeRawBufferPointer(rebasing: answer.headRoom[..<answer.keptCount]))
        guard let location = head.next("location") else {
            troubles.count(.nowhere, route)
            return false
        }
        let origin = Location.Origin(
            host: UnsafeRawBufferPointer(host), isEncrypted: isEncrypted, port: port)
        let place = Location.resolve(
            location, against: Self.path(of: request), at: origin, into: path(of: number))
        switch place {
        case .unusable: troubles.count(.nowhere, route)
        case .elsewhere(let name):
            troubles.count(.elsewhere, route, UnsafeRawBufferPointer(rebasing: location[name]))
        case .here where chains[number].count == Self.limit: troubles.count(.tooMany, route)
        case .here(let count):
            chains[number].count += 1
            chains[number].pathCount = count
            if Self.turnsToGET(answer.status, request) { chains[number].isBodiless = true }
            return true
        }
        return false
    }

    private static func path(of request: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let start = (request.firstIndex(of: 0x20) ?? 0) + 1
        let end = request[start...].firstIndex(of: 0x20) ?? request.count
        return UnsafeRawBufferPointer(rebasing: request[start..<end])
    }

    /// As browsers do, and the Fetch standard says (HTTP-redirect fetch): RFC 9110 §15.4 allows it.
    private static func turnsToGET(_ status: Int, _ request: UnsafeRawBufferPointer) -> Bool {
        switch status {
        case 303: !request.starts(with: "HEAD ".utf8)
        case 301, 302: request.starts(with: "POST ".utf8)
        default: false
        }
    }
}
