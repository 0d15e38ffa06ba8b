import Plan

/// Reads one fault of the catalogue: time, verb, what it strikes, and for how long.
enum FaultReader {
    static let verbs = [
        "block", "cut", "delay", "deploy", "exhaust", "fail", "hang", "interrupt", "kill", "lose", "scale",
        "shell", "stress",
    ]

    static func read(_ statement: Statement) throws(Complaint) -> FaultDraft {
        var cursor = Cursor(statement, shape: ChaosSection.example)
        try cursor.keyword("at")
        let timeSpan = cursor.here
        let at = try cursor.duration("the time of the fault", positive: false)
        let start = cursor.position
        let verb = try cursor.choice(of: verbs, calling: "a fault such as `block zone` or `kill`")
        var draft = try what(verb, &cursor)
        draft.planned.name = cursor.text(since: start)
        draft.planned.at = at
        draft.timeSpan = timeSpan
        draft.span = verb.span
        try duration(&cursor, &draft, verb: verb)
        try cursor.finish()
        return draft
    }

    private static func what(_ verb: Token, _ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        switch verb.text {
        case "cut": try cut(&cursor)
        case "delay": try delay(&cursor)
        case "deploy": try deploy(&cursor)
        case "exhaust": try exhaust(&cursor)
        case "fail": try failOver(&cursor)
        case "hang", "interrupt", "kill": try strike(verb.text, &cursor)
        case "lose": try lose(&cursor)
        case "scale": try scale(&cursor)
        case "shell": try shell(&cursor)
        case "stress": try stress(&cursor)
        default: try block(&cursor)
        }
    }

    private static func draft(
        _ fault: Fault, _ span: Span, zone: Token? = nil, service: Token? = nil, count: Span? = nil
    ) -> FaultDraft {
        FaultDraft(
            planned: PlannedFault(name: "", fault: fault, at: .zero), timeSpan: span, span: span, zone: zone,
            service: service, countSpan: count)
    }

    // MARK: Tasks

    /// `kill`, `hang` or `interrupt`, of which the last knows no zone.
    private static func strike(_ verb: String, _ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        cursor.shape = shape(of: verb)
        let span = cursor.here
        let (count, service) = try tasks(&cursor)
        let zone = verb == "interrupt" ? nil : try zone(&cursor)
        let fault: Fault =
            switch verb {
            case "hang": .hangTasks(count: count, service: service.value, zone: zone?.value)
            case "interrupt": .interruptSpot(count: count, service: service.value)
            default: .killTasks(count: count, service: service.value, zone: zone?.value)
            }
        return draft(fault, span, zone: zone, service: service, count: span)
    }

    private static func shape(of verb: String) -> String {
        switch verb {
        case "hang": "at 2m  hang 1 task of nginx in zone ap-south-1a for 3m"
        case "interrupt": "at 2m  interrupt 1 task of flask-app"
        default: "at 2m  kill 1 task of flask-app in zone ap-south-1a"
        }
    }

    /// `1 task of flask-app`, `50% of flask-app`
    private static func tasks(
        _ cursor: inout Cursor
    ) throws(Complaint) -> (count: TaskCount, service: Token) {
        if cursor.peek?.text.hasSuffix("%") == true {
            let percent = try percentage(&cursor, "the part of the tasks", in: 1...99)
            try cursor.keyword("of")
            return (.percent(percent), try cursor.name("the name of a service"))
        }
        let count = try cursor.count("the number of tasks", in: 1...1000, example: "1")
        if !cursor.take("tasks") { try cursor.keyword("task") }
        try cursor.keyword("of")
        return (.number(count), try cursor.name("the name of a service"))
    }

    /// A whole one.
    private static func percentage(
        _ cursor: inout Cursor, _ role: String, in range: ClosedRange<Int>
    ) throws(Complaint) -> Int {
        let span = cursor.here
        let share = try cursor.quantity(.percentage, role, positive: true)
        let percent = Int((share * 100).rounded())
        guard abs(share * 100 - Double(percent)) < 1e-9, range.contains(percent) else {
            throw Complaint(ChaosProblem.brokenPercentage(role, range), at: span)
        }
        return percent
    }

    /// `in zone ap-south-1a`, if it is there.
    private static func zone(_ cursor: inout Cursor) throws(Complaint) -> Token? {
        guard cursor.take("in") else { return nil }
        try cursor.keyword("zone")
        return try cursor.name("the name of a zone")
    }

    /// The most that `scale` takes: a slip of the finger is not to order a thousand tasks.
    static let mostTasks = 100

    /// `scale flask-app to 3 tasks`
    private static func scale(_ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        cursor.shape = "at 2m  scale flask-app to 3 tasks for 2m"
        let span = cursor.here
        // `scale to 3 tasks`: the word that must follow would pass for a name.
        if let token = cursor.peek, token.isWord("to") {
            throw cursor.unexpected(token, expected: "the name of a service")
        }
        let service = try cursor.name("the name of a service")
        try cursor.keyword("to")
        if let token = cursor.peek, Int(token.text) == 0 {
            throw Complaint(ChaosProblem.scaledToNothing(service.text, most: mostTasks), at: token.span)
        }
        let count = try cursor.count("the number of tasks", in: 1...mostTasks, example: "3")
        if !cursor.take("task") { try cursor.keyword("tasks") }
        return draft(.scale(service: service.value, tasks: count), span, service: service)
    }

    // MARK: Inside of tasks

    /// `cut flask-app from redis`, `… from database`, `… from dns`
    private static func cut(_ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        cursor.shape = "at 2m  cut flask-app from redis for 2m"
        let span = cursor.here
        let service = try cursor.name("the name of a service")
        try cursor.keyword("from")
        let other = try cursor.name("the name of a service, `database` or `dns`")
        var draft = draft(
            .cut(service: service.value, from: .service(other.value)), span, service: service)
        if other.isWord("database") {
            draft.planned.fault = .cut(service: service.value, from: .database)
        } else if other.isWord("dns") {
            draft.planned.fault = .cut(service: service.value, from: .dns)
        } else {
            draft.other = other
        }
        return draft
    }

    /// `delay flask-app by 100ms`
    private static func delay(_ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        cursor.shape = "at 2m  delay flask-app by 100ms for 2m"
        let span = cursor.here
        let service = try cursor.name("the name of a service")
        try cursor.keyword("by")
        let delay = try cursor.duration("the delay of a packet")
        return draft(.delay(service: service.value, by: delay), span, service: service)
    }

    /// `stress cpu of flask-app`
    private static func stress(_ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        cursor.shape = "at 2m  stress cpu of flask-app for 2m"
        let span = cursor.here
        for word in ["cpu", "of"] { try cursor.keyword(word) }
        let service = try cursor.name("the name of a service")
        return draft(.stressCPU(service: service.value), span, service: service)
    }

    /// `lose 5% of packets of flask-app`
    private static func packets(_ cursor: inout Cursor, _ span: Span) throws(Complaint) -> FaultDraft {
        cursor.shape = "at 2m  lose 5% of packets of flask-app for 2m"
        let percent = try percentage(&cursor, "the part of the packets", in: 1...100)
        for word in ["of", "packets", "of"] { try cursor.keyword(word) }
        let service = try cursor.name("the name of a service")
        return draft(.losePackets(percent: percent, service: service.value), span, service: service)
    }

    // MARK: Deployments

    private static func deploy(_ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        cursor.shape = "at 2m  deploy flask-app failing its health check"
        let span = cursor.here
        let service = try cursor.name("the name of a service")
        var release = Fault.Release.good
        if cursor.take("crashing") {
            release = .crashing
        } else if cursor.take("slow") {
            release = .slow
        } else if cursor.take("failing") {
            for word in ["its", "health", "check"] { try cursor.keyword(word) }
            release = .unhealthy
        } else if let token = cursor.peek, !token.isWord("for") {
            throw cursor.unexpected(
                token, expected: "`crashing`, `slow` or `failing its health check`",
                among: ["crashing", "slow", "failing"])
        }
        return draft(.deploy(service: service.value, release), span, service: service)
    }

    // MARK: Commands of ours, there and here

    /// `exhaust connections of database as flask-app`
    private static func exhaust(_ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        cursor.shape = "at 2m  exhaust connections of database as flask-app for 2m"
        let span = cursor.here
        for word in ["connections", "of", "database", "as"] { try cursor.keyword(word) }
        let service = try cursor.name("the name of a service")
        return draft(.exhaustConnections(service: service.value), span, service: service)
    }

    /// `shell "./flag off" undo "./flag on"`
    private static func shell(_ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        cursor.shape = "at 2m  shell \"./flag off\" undo \"./flag on\" for 2m"
        let span = cursor.here
        let command = try Self.command(&cursor, "a command of the shell")
        try cursor.keyword("undo")
        let undo = try Self.command(&cursor, "the command that undoes it")
        return draft(.shell(command: command, undo: undo), span)
    }

    private static func command(_ cursor: inout Cursor, _ role: String) throws(Complaint) -> String {
        let token = try cursor.string("\(role), in quotes")
        guard !token.value.allSatisfy(\.isWhitespace) else {
            throw Complaint(ChaosProblem.emptyCommand(role), at: token.span)
        }
        return token.value
    }

    // MARK: Zones, services, the database, the way out

    private static func block(_ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        let span = cursor.here
        try cursor.keyword("zone")
        let zone = try cursor.name("the name of a zone")
        return draft(.blockZone(zone.value), span, zone: zone)
    }

    private static func failOver(_ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        cursor.shape = "at 2m  fail over database"
        let span = cursor.here
        try cursor.keyword("over")
        try cursor.keyword("database")
        return draft(.failOverDatabase, span)
    }

    private static func lose(_ cursor: inout Cursor) throws(Complaint) -> FaultDraft {
        cursor.shape = "at 2m  lose zone ap-south-1a for 4m"
        let span = cursor.here
        if cursor.take("zone") {
            // `lose zone for 4m`: the word that must follow would pass for a name.
            if let token = cursor.peek, token.isWord("for") {
                throw cursor.unexpected(token, expected: "the name of a zone")
            }
            let zone = try cursor.name("the name of a zone")
            return draft(.loseZone(zone.value), span, zone: zone)
        }
        if cursor.take("nat") {
            cursor.shape = "at 2m  lose nat in zone ap-south-1a for 2m"
            let zone = try zone(&cursor)
            return draft(.loseNAT(zone: zone?.value), span, zone: zone)
        }
        if cursor.peek?.text.hasSuffix("%") == true { return try packets(&cursor, span) }
        let service = try cursor.name("`zone`, `nat` or the name of a service")
        cursor.shape = "at 2m  lose redis for 1m"
        return draft(.loseService(service.value), span, service: service)
    }

    private static func duration(
        _ cursor: inout Cursor, _ draft: inout FaultDraft, verb: Token
    ) throws(Complaint) {
        let span = cursor.here
        let hasDuration = cursor.take("for")
        guard !draft.planned.fault.isInstant else {
            if hasDuration { throw Complaint(ChaosProblem.instantFault(draft.planned.name), at: span) }
            return
        }
        guard hasDuration else {
            if let token = cursor.peek {
                throw cursor.unexpected(token, expected: "`for`", among: ["for"])
            }
            throw Complaint(ChaosProblem.endlessFault(draft.planned.name), at: verb.span)
        }
        draft.planned.duration = try cursor.duration("the fault")
    }
}
