import Plan

/// `load`: how many requests a second or how many users, and for how long; or which recording is replayed.
struct LoadSection {
    /// nil: there is no phase that can be read.
    private(set) var model: LoadModel?
    private(set) var arrivals: Arrivals?
    private(set) var transport: Transport?
    private(set) var reconnect: Reconnect?
    private(set) var handshakes = Handshakes.whole
    /// The requests of a replay.
    private(set) var recorded: RecordedLoad?
    /// A replay is asked for, whether or not it can be read.
    let isReplay: Bool
    private(set) var isBroken = false
    private var think: ThinkTime?

    static let example = "hold 80/s for 9m"
    static let verbs = PhaseReader.verbs + ["over", "poisson", "think", "reconnect", "replay"]

    /// - Parameters:
    ///   - files: gives the bytes of a file by its path as written.
    ///   - table: where the table of a recording will stand among those of the Plan.
    init(
        _ section: Section, _ files: Scenario.FileSource, _ diagnostics: inout Diagnostics, table: Int
    ) {
        let before = diagnostics.errors
        isReplay = section.statements.contains { $0.first.isWord("replay") }
        for statement in section.statements where !statement.isBroken {
            do throws(Complaint) {
                try read(statement, files, &diagnostics, table)
            } catch {
                diagnostics.add(error)
            }
        }
        isBroken = diagnostics.errors > before || section.isSuspect
        if !isBroken, model == nil, !section.statements.isEmpty {
            diagnostics.add(LoadProblem.noPhase, at: section.head.first.span)
            isBroken = true
        }
        if !isBroken { checkTogether(section, &diagnostics) }
        if !isBroken, let model { checkAsAWhole(model, section, &diagnostics) }
    }

    private mutating func read(
        _ statement: Statement, _ files: Scenario.FileSource, _ diagnostics: inout Diagnostics, _ table: Int
    ) throws(Complaint) {
        var cursor = Cursor(statement, shape: Self.example)
        let verb = try cursor.choice(
            of: Self.verbs,
            calling: "a phase such as `hold`, or `over`, `poisson`, `think`, `reconnect` or `replay`")
        switch verb.text {
        case "over": try over(verb, &cursor)
        case "poisson": try poisson(verb, &cursor)
        case "think": try think(verb, &cursor)
        case "reconnect": try reconnect(verb, &cursor)
        case "replay":
            let load = try ReplayReader.read(&cursor, files, &diagnostics, table: table)
            try add(.replay(load.replay), at: verb.span)
            recorded = load
        default: try add(try PhaseReader.read(verb, cursor), at: verb.span)
        }
    }

    /// `over https`, `over https resuming`, `over http2`
    private mutating func over(_ verb: Token, _ cursor: inout Cursor) throws(Complaint) {
        cursor.shape = "over https"
        let word = try cursor.choice(of: ["https", "http2"], calling: "`https` or `http2`").text
        // Not over HTTP/2: libcurl 7.88 offers no session there.
        if word == "https", cursor.take("resuming") { handshakes = .resumed }
        try note(word == "http2" ? .http2 : .https, in: \.transport, "over \(word)", verb, cursor)
    }

    /// `poisson arrivals`
    private mutating func poisson(_ verb: Token, _ cursor: inout Cursor) throws(Complaint) {
        cursor.shape = "poisson arrivals"
        try cursor.keyword("arrivals")
        try note(Arrivals.poisson, in: \.arrivals, "poisson arrivals", verb, cursor)
    }

    /// `think 2s`, `think 1s to 3s`
    private mutating func think(_ verb: Token, _ cursor: inout Cursor) throws(Complaint) {
        cursor.shape = "think 1s to 3s"
        let start = cursor.here
        let shortest = try cursor.duration("the thinking", positive: false)
        let longest = cursor.take("to") ? try cursor.duration("the thinking", positive: false) : shortest
        guard shortest <= longest else {
            throw Complaint(
                LoadProblem.thinkingBackwards(shortest: "\(shortest)", longest: "\(longest)"), at: start)
        }
        try note(ThinkTime(shortest: shortest, longest: longest), in: \.think, "think", verb, cursor)
    }

    /// `reconnect for each request`, `reconnect after 1m`
    private mutating func reconnect(_ verb: Token, _ cursor: inout Cursor) throws(Complaint) {
        cursor.shape = "reconnect after 1m"
        var reconnect = Reconnect.eachRequest
        if try cursor.choice(of: ["for", "after"], calling: "`for each request` or `after`").text == "for" {
            cursor.shape = "reconnect for each request"
            try cursor.keyword("each")
            try cursor.keyword("request")
        } else {
            reconnect = .after(try cursor.duration("the life of a connection"))
        }
        try note(reconnect, in: \.reconnect, "reconnect", verb, cursor)
    }

    /// What a load says once, at the end of its statement.
    private mutating func note<Value>(
        _ value: Value, in place: WritableKeyPath<Self, Value?>, _ words: String, _ verb: Token,
        _ cursor: Cursor
    ) throws(Complaint) {
        try cursor.finish()
        guard self[keyPath: place] == nil else { throw Complaint(LoadProblem.twice(words), at: verb.span) }
        self[keyPath: place] = value
    }

    /// The phases of one more statement.
    private mutating func add(_ more: LoadModel, at span: Span) throws(Complaint) {
        guard let model else {
            self.model = more
            return
        }
        let isLate =
            more.phases.contains { $0.kind == .warmUp } && model.phases.contains { $0.kind != .warmUp }
        switch (model, more) {
        case (.replay, .replay): throw Complaint(LoadProblem.twice("replay"), at: span)
        case (.replay, _), (_, .replay): throw Complaint(ReplayProblem.beside("a phase"), at: span)
        case _ where isLate: throw Complaint(LoadProblem.lateWarmUp, at: span)
        case (.open(let phases), .open(let new)): self.model = .open(phases + new)
        case (.closed(let phases, let think), .closed(let new, _)):
            self.model = .closed(phases + new, think: think)
        case (.open, .closed): throw Complaint(LoadProblem.mixed(startedWithUsers: false), at: span)
        case (.closed, .open): throw Complaint(LoadProblem.mixed(startedWithUsers: true), at: span)
        }
    }

    /// What belongs to one model is said of the other.
    private mutating func checkTogether(_ section: Section, _ diagnostics: inout Diagnostics) {
        func statement(_ verb: String) -> Span {
            section.statements.first { $0.first.text == verb }?.first.span ?? section.head.first.span
        }
        switch model {
        case .replay where think != nil:
            diagnostics.add(ReplayProblem.beside("`think`"), at: statement("think"))
            isBroken = true
        case .replay where arrivals != nil:
            diagnostics.add(ReplayProblem.beside("`poisson arrivals`"), at: statement("poisson"))
            isBroken = true
        case .open where think != nil:
            diagnostics.add(LoadProblem.thinkingWithoutUsers, at: statement("think"))
            isBroken = true
        case .closed where arrivals != nil:
            diagnostics.add(LoadProblem.poissonUsers, at: statement("poisson"))
            isBroken = true
        case .closed(let phases, _): model = .closed(phases, think: think ?? .none)
        case .open, .replay, nil: break
        }
        if transport == .http2, case .after? = reconnect {
            diagnostics.add(LoadProblem.agingHTTP2, at: statement("reconnect"))
            isBroken = true
        }
    }

    private mutating func checkAsAWhole(
        _ model: LoadModel, _ section: Section, _ diagnostics: inout Diagnostics
    ) {
        let head = section.head.first.span
        let total = model.phases.reduce(0.0) { $0 + $1.duration.inSeconds }
        if model.phases.allSatisfy({ $0.kind == .warmUp }) {
            diagnostics.add(LoadProblem.onlyWarmUp, at: head)
        } else if total * 1e9 > Quantity.duration.limit.value {
            diagnostics.add(
                QuantityProblem.tooLarge(
                    "the load", "\(Nanoseconds.seconds(total))", limit: Quantity.duration.limit.text),
                at: head)
        } else if Self.isEmpty(model) {
            diagnostics.add(LoadProblem.noRequests, at: head)
        } else {
            return
        }
        isBroken = true
    }

    private static func isEmpty(_ model: LoadModel) -> Bool {
        switch model {
        case .open(let phases): Schedule(phases: phases).count == 0
        case .closed(let phases, _): phases.allSatisfy { $0.startUsers == 0 && $0.endUsers == 0 }
        case .replay(let replay): replay.count == 0
        }
    }
}
