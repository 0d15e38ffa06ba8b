import Plan

/// The routes of a recording: one for each method and pattern of paths, the most frequent first.
struct RecordedRoutes {
    /// As many as a chart can tell apart.
    static let most = 40

    private struct Kind: Hashable {
        var method: Request.Method
        var hasBody: Bool
        /// nil: whatever has no route of its own.
        var pattern: String?
    }

    private struct Route {
        var kind: Kind
        var count = 0
        /// Statuses from 400 to 499 that were answered.
        var refusals: Set<Int> = []
    }

    private(set) var requests: [Request] = []
    /// Which of them each recorded one is.
    private(set) var indices: [UInt8] = []

    /// - Parameter fields: the templates of what a row holds.
    init(_ recorded: [RecordedRequest], _ fields: RecordedRows.Fields) {
        let (kinds, ranked) = Self.kinds(of: recorded)
        let kept = Self.kept(ranked)
        var places: [Kind: Int] = [:]
        var routes: [Route] = []
        let found = zip(recorded, kinds).map { request, kind in
            var kind = kind
            if !kept.contains(kind) { kind.pattern = nil }
            let place = places[kind] ?? routes.count
            if place == routes.count {
                places[kind] = place
                routes.append(Route(kind: kind))
            }
            routes[place].count += 1
            if let status = request.status, (400...499).contains(status) {
                routes[place].refusals.insert(status)
            }
            return place
        }
        let order = routes.indices.sorted { (Self.rank(routes[$0]), $0) < (Self.rank(routes[$1]), $1) }
        var index = Array(repeating: UInt8(0), count: order.count)
        for (number, place) in order.enumerated() { index[place] = UInt8(number) }
        indices = found.map { index[$0] }
        requests = order.map { Self.request(routes[$0], of: recorded.count, fields) }
        nameApart()
    }

    /// What each request is, and the kinds from the most frequent on; of equal ones the first to come.
    private static func kinds(of recorded: [RecordedRequest]) -> (each: [Kind], ranked: [Kind]) {
        var counts: [Kind: (count: Int, first: Int)] = [:]
        let kinds = recorded.enumerated().map { place, request in
            let kind = Kind(
                method: request.method, hasBody: request.body != nil, pattern: RoutePattern.of(request.path))
            counts[kind, default: (0, place)].count += 1
            return kind
        }
        let ranked = counts.sorted { (-$0.value.count, $0.value.first) < (-$1.value.count, $1.value.first) }
        return (kinds, ranked.map(\.key))
    }

    /// Those with a route of their own: all, or as many as leave room for the others of each method.
    private static func kept(_ ranked: [Kind]) -> Set<Kind> {
        guard ranked.count > most else { return Set(ranked) }
        let others = Set(ranked.map { Kind(method: $0.method, hasBody: $0.hasBody, pattern: nil) })
        return Set(ranked.prefix(most - others.count))
    }

    /// The others come last.
    private static func rank(_ route: Route) -> Int { route.kind.pattern == nil ? 1 : -route.count }

    private static func request(
        _ route: Route, of total: Int, _ fields: RecordedRows.Fields
    ) -> Request {
        var headers: [Request.Header] = []
        var body: Request.Body?
        if let accept = fields.accept { headers.append(Request.Header(name: "Accept", value: accept)) }
        if route.kind.hasBody, let text = fields.body, let type = fields.contentType {
            headers.append(Request.Header(name: "Content-Type", value: type))
            body = Request.Body(contentType: "application/octet-stream", template: text)
        }
        return Request(
            route: "\(route.kind.method.rawValue) \(route.kind.pattern ?? "(other)")",
            weight: Double(route.count) / Double(total), method: route.kind.method, path: fields.path,
            headers: headers, body: body,
            expectedStatuses: route.refusals.isEmpty
                ? [] : Array(200..<400) + route.refusals.sorted())
    }

    /// One method and pattern with and without a body.
    private mutating func nameApart() {
        var seen: Set<String> = []
        for place in requests.indices where !seen.insert(requests[place].route).inserted {
            requests[place].route += " (2)"
        }
    }
}
