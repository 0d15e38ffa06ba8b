import Plan

/// A recording as a load: when its requests come, what they are, and what is to be said of it.
struct RecordedLoad {
    let replay: Replay
    let requests: [Request]
    let table: DataTable
    let warnings: [ReplayProblem]

    /// The most bytes of a recording, and the most requests.
    static let sizeLimit = 64_000_000
    static let requestLimit = 1_000_000

    /// - Parameters:
    ///   - bytes: of an access log or a HAR file; what it is, its contents tell.
    ///   - factor: how many times faster it is played than it was recorded.
    ///   - place: of its table among those of the Plan.
    init(_ bytes: [UInt8], factor: Double, table place: Int) throws(ReplayProblem) {
        var bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        if bytes.starts(with: [0x1F, 0x8B]) { throw .compressed }
        let isJSON = bytes.first { $0 > 0x20 } == 0x7B
        let found =
            isJSON
            ? try HARFile.read(bytes, limit: Self.requestLimit)
            : try AccessLog.read(bytes, limit: Self.requestLimit)
        guard !found.all.isEmpty else { throw .nothingUsable }
        // Logs are written when answers end; requests of one moment stay as they are.
        let recorded = found.all.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
        let offsets = try Self.offsets(recorded.map(\.time), isCoarse: found.isCoarse, factor)
        let rows = RecordedRows(recorded, table: place)
        let routes = RecordedRoutes(recorded, rows.fields)
        // To the end of the second of its last request.
        let seconds = (offsets.last?.second ?? 0) + 1
        replay = Replay(
            offsets: offsets, routes: routes.indices, duration: .seconds(Double(seconds)))
        requests = routes.requests
        table = rows.table
        warnings = Self.warnings(found)
    }

    /// From the first request, on the scenario clock. `times` ascend.
    private static func offsets(
        _ times: [Int64], isCoarse: Bool, _ factor: Double
    ) throws(ReplayProblem) -> [Nanoseconds] {
        let limit = Quantity.duration.limit
        let first = times.first ?? 0
        let length = Double((times.last ?? 0) - first) / factor
        guard length * 1e3 < limit.value - 1e9 else {
            throw .tooLong(hours: (length / 3.6e9).rounded(.up).plain, limit: limit.text)
        }
        var offsets: [Nanoseconds] = []
        offsets.reserveCapacity(times.count)
        var start = 0
        while start < times.count {
            let end = times[start...].firstIndex { $0 != times[start] } ?? times.count
            for place in start..<end {
                // Of n requests in a second whose order is all that is known, each has an nth of it.
                let within = isCoarse ? 1e6 * Double(place - start) / Double(end - start) : 0
                let microseconds = (Double(times[start] - first) + within) / factor
                offsets.append(.microseconds(Int64(microseconds.rounded())))
            }
            start = end
        }
        return offsets
    }

    private static func warnings(_ found: RecordedRequests) -> [ReplayProblem] {
        var warnings: [ReplayProblem] = []
        if let first = found.firstLeftOut {
            warnings.append(.leftOut(found.leftOut, found.unit, first: first))
        }
        if let host = found.host, !found.elsewhere.isEmpty {
            let others = found.elsewhere.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }
            warnings.append(
                .elsewhere(others.reduce(0) { $0 + $1.value }, host: host, others: others.map(\.key)))
        }
        let writes = found.all.count { [.post, .put, .patch].contains($0.method) }
        if writes > 0, found.unit == .line { warnings.append(.bodiless(writes)) }
        return warnings
    }
}
