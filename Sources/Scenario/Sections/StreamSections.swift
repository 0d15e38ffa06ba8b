import Plan

/// The loads of a scenario, each with the requests of its name.
struct StreamSections {
    /// A load and its requests; nil: it has none, which has been reported or is in doubt.
    private struct Pair {
        var section: Section
        var load: LoadSection
        var mix: RequestsSection?

        /// Those of its recording, or of its section.
        var requests: [Request]? { load.recorded?.requests ?? mix?.requests }
    }

    private var pairs: [Pair] = []
    /// Requests that no load sends.
    private var strays: [RequestsSection] = []

    /// So many loads at once are a mistake, and as many times the workers.
    static let limit = 16

    /// - Parameter files: gives the bytes of a file by its path as written.
    init(
        _ sections: Sections, _ tables: [DataTable], _ files: @escaping Scenario.FileSource,
        _ diagnostics: inout Diagnostics
    ) {
        let mixes = sections.all("requests")
        for section in sections.all("load") {
            section.checkBlock(example: LoadSection.example, &diagnostics)
            let load = LoadSection(
                section, files, &diagnostics, table: tables.count + recordedTables.count)
            pairs.append(Pair(section: section, load: load))
        }
        let names = pairs.map(\.section.label?.value)
        for section in mixes {
            let mix = RequestsSection(section, tables, files, &diagnostics)
            guard let place = names.firstIndex(of: section.label?.value) else {
                strays.append(mix)
                continue
            }
            pairs[place].mix = mix
            if pairs[place].load.isReplay {
                diagnostics.add(ReplayProblem.beside("`requests`"), at: section.head.first.span)
            }
        }
        checkPairs(sections, mixes, &diagnostics)
        checkTogether(&diagnostics)
    }

    // MARK: What it comes to

    var names: [String] { pairs.compactMap(\.section.label?.value) }
    var isEmpty: Bool { pairs.isEmpty }
    /// Each load has the requests of a recording, and none is drawn from data.
    var areReplays: Bool { !pairs.isEmpty && pairs.allSatisfy(\.load.isReplay) }
    /// They stand behind the tables of data.
    var recordedTables: [DataTable] { pairs.compactMap(\.load.recorded?.table) }
    var isBroken: Bool { pairs.contains { $0.load.isBroken || $0.load.model == nil } }
    var transport: Transport? { pairs.first?.load.transport }
    var handshakes: Handshakes { pairs.first?.load.handshakes ?? .whole }

    /// Whether some write is tracked; true where it is not known.
    var tracksWrites: Bool {
        let mixes = pairs.compactMap(\.mix) + strays
        return mixes.isEmpty && !areReplays
            || mixes.contains { $0.isBroken || $0.requests.contains { $0.tracking != nil } }
    }

    /// When measuring starts and when the load ends.
    var span: (measuredFrom: Nanoseconds, end: Nanoseconds) {
        let plan = Plan(name: "", streams: pairs.compactMap(stream), requests: [])
        return (plan.measuredFrom, plan.duration)
    }

    /// As a Plan has them; nil: one is not whole.
    var streams: [Stream]? {
        let streams = pairs.compactMap(stream)
        return streams.count == pairs.count && !streams.isEmpty && pairs.allSatisfy { $0.requests != nil }
            ? streams : nil
    }

    /// Of all streams; beside others each route tells the name of its load.
    var requests: [Request] {
        pairs.flatMap { pair -> [Request] in
            let requests = pair.requests ?? []
            guard pairs.count > 1, let name = pair.section.label?.value else { return requests }
            return requests.map { request in
                var request = request
                request.route = "\(name): \(request.route)"
                return request
            }
        }
    }

    private func stream(_ pair: Pair) -> Stream? {
        guard let model = pair.load.model else { return nil }
        return Stream(
            name: pair.section.label?.value, load: model, arrivals: pair.load.arrivals ?? .even,
            reconnect: pair.load.reconnect, journey: pair.mix?.journey,
            requestCount: pair.requests?.count ?? 0)
    }

    // MARK: Whether they fit

    private func checkPairs(_ sections: Sections, _ mixes: [Section], _ diagnostics: inout Diagnostics) {
        func words(_ name: String, _ label: Token?) -> String {
            label.map { "\(name) \($0.text)" } ?? name
        }
        func check(_ section: Section, _ kind: String, _ others: [Section]) {
            guard !sections.suspects.contains(kind),
                !others.contains(where: { $0.label?.value == section.label?.value })
            else { return }
            diagnostics.add(
                StreamProblem.alone(
                    words(section.name, section.label), lacks: words(kind, section.label),
                    others: others.map { words(kind, $0.label) }),
                at: (section.label ?? section.head.first).span)
        }
        let loads = sections.all("load")
        // A scenario that has no requests, or no load, is told so once.
        if !mixes.isEmpty {
            for pair in pairs where !pair.load.isReplay { check(pair.section, "requests", mixes) }
        }
        if !loads.isEmpty { for section in mixes { check(section, "load", loads) } }
        if loads.count > Self.limit {
            diagnostics.add(
                StreamProblem.tooMany(loads.count, limit: Self.limit), at: loads[Self.limit].head.first.span)
        }
    }

    private func checkTogether(_ diagnostics: inout Diagnostics) {
        for pair in pairs {
            if let label = pair.section.label, label.value.allSatisfy(\.isWhitespace) {
                diagnostics.add(NameProblem.notWord("the name of a load", label.text), at: label.span)
            }
            if let order = pair.mix?.orderSpan, case .open = pair.load.model {
                diagnostics.add(JourneyProblem.openLoad, at: order)
            }
        }
        for pair in pairs.dropFirst() {
            guard let over = pair.section.statements.first(where: { $0.first.isWord("over") }) else {
                continue
            }
            diagnostics.add(StreamProblem.ownTransport(Cursor.text(over.tokens)), at: over.first.span)
        }
    }
}
