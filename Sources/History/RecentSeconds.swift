package import Plan

/// The seconds of a load that goes on, in bounded room: the youngest whole, as they still change; of each older one its
/// figures, and all older ones added up.
///
/// What a histogram is needed for is asked of the sums: they are exact, as histograms merge. What they cannot tell,
/// such as the distribution within some old minute, is in the recording.
package struct RecentSeconds: Sendable {
    /// Durations of some seconds, added up.
    package struct Durations: Sendable {
        package var latency = LatencyHistogram()
        package var lateness = LatencyHistogram()
        /// By the hop's place among the Plan's.
        package var hops: [LatencyHistogram] = []
    }

    /// A second can still change its rows, or the window it lies in, for so many seconds: a request has its deadline, a
    /// recovery is known when calm has lasted. The rest is for what was late.
    package static func span(_ plan: Plan) -> Int {
        let deadline = plan.requests.map(\.deadline).max() ?? Request.defaultDeadline
        let calm = plan.real(plan.windows.window) + plan.real(plan.windows.hold)
        return Int((deadline + calm).inSeconds.rounded(.up)) + 30
    }

    /// Of all seconds, by second.
    package private(set) var figures: [TimelineSecond] = []
    package private(set) var generatorFigures: [GeneratorFigures] = []
    /// What is older than the whole seconds, by route.
    package private(set) var olderRoutes: [Int: Totals] = [:]
    /// What is older than the whole seconds, by the windows that somebody asks for.
    package private(set) var olderWindows: [Window: Durations] = [:]

    private let span: Int
    private var older = Totals([])
    private var olderLateness = LatencyHistogram()
    private var whole: [Int: [LoadSecond]] = [:]
    private var wholeGenerator: [Int: GeneratorSecond] = [:]
    /// The first second that is whole.
    private var firstWhole = 0

    /// `span`: how many seconds stay whole.
    package init(span: Int) { self.span = span }

    /// The whole seconds: by second, then route.
    package var rows: [LoadSecond] {
        whole.keys.sorted().flatMap { whole[$0] ?? [] }
    }

    /// By route.
    package func rows(of second: Int) -> [LoadSecond] { whole[second] ?? [] }

    package var generator: [GeneratorSecond] { wholeGenerator.values.sorted { $0.second < $1.second } }

    // MARK: - Writing

    /// Rows replace those they had. One that comes so late that its second is added up already is left out.
    package mutating func put(_ entries: [Entry]) {
        var changed: Set<Int> = []
        for entry in entries {
            switch entry {
            case .load(let row) where row.second >= firstWhole:
                put(row)
                changed.insert(row.second)
            case .generator(let row) where row.second >= firstWhole:
                wholeGenerator[row.second] = row
                generatorFigures.put(GeneratorFigures(row), at: \.second)
            default: break
            }
        }
        for second in changed {
            figures.put(TimelineSecond(second: second, rows(of: second)), at: \.second)
        }
    }

    private mutating func put(_ row: LoadSecond) {
        whole[row.second, default: []].put(row, at: \.route)
    }

    /// The seconds that need not be whole any more.
    package var overdue: Range<Int> {
        firstWhole..<max(firstWhole, (figures.last?.second ?? 0) - span)
    }

    /// Adds up what is `overdue`. `windows`: those that a second lies in, of the ones whose durations are asked for.
    package mutating func addUp(_ windows: [Int: [Window]] = [:]) {
        for second in overdue {
            let rows = whole.removeValue(forKey: second) ?? []
            for row in rows {
                older.add(row)
                olderRoutes[row.route, default: Totals([])].add(row)
            }
            let lateness = wholeGenerator.removeValue(forKey: second)?.lateness ?? LatencyHistogram()
            olderLateness.merge(lateness)
            for window in windows[second] ?? [] {
                olderWindows[window, default: Durations()].add(rows, lateness)
            }
        }
        firstWhole = overdue.upperBound
    }

    // MARK: - All seconds

    /// Of every second so far.
    package var totals: Totals { rows.reduce(into: older) { $0.add($1) } }

    /// Of every second so far: sent − due.
    package var lateness: LatencyHistogram {
        wholeGenerator.values.reduce(into: olderLateness) { $0.merge($1.lateness) }
    }
}

extension RecentSeconds.Durations {
    fileprivate mutating func add(_ rows: [LoadSecond], _ more: LatencyHistogram) {
        lateness.merge(more)
        for row in rows {
            latency.merge(row.okLatency)
            while hops.count < row.hops.count { hops.append(LatencyHistogram()) }
            for place in row.hops.indices { hops[place].merge(row.hops[place]) }
        }
    }
}

extension Array {
    /// Replaces the element of the same key, or inserts it in their order. What is young is near the end.
    fileprivate mutating func put(_ element: Element, at key: (Element) -> Int) {
        let before = lastIndex { key($0) <= key(element) }
        if let before, key(self[before]) == key(element) {
            self[before] = element
        } else {
            insert(element, at: before.map { $0 + 1 } ?? 0)
        }
    }
}
