import Plan

/// `requests`: the mix, each kind with its weight; `requests in order`: the journey of each user.
struct RequestsSection {
    private(set) var requests: [Request] = []
    /// nil: a mix.
    private(set) var journey: Journey?
    /// Of `in order`.
    private(set) var orderSpan: Span?
    private(set) var isBroken = false

    static let example = "100%  GET /"
    static let exampleInOrder = "GET /"

    /// - Parameter files: gives the bytes of a file by its path as written.
    init(
        _ section: Section, _ tables: [DataTable], _ files: @escaping Scenario.FileSource,
        _ diagnostics: inout Diagnostics
    ) {
        let before = diagnostics.errors
        readHead(section, &diagnostics)
        var known = PlaceholderNames(tables: tables, takenIn: section)
        var taken: [Token] = []
        for (number, statement) in section.statements.enumerated() where !statement.isBroken {
            // A mix has no order: that it takes values is what is wrong, not where it uses them.
            known.statement = orderSpan == nil ? .max : number
            var reader = RequestReader(statement, known, files, isInOrder: orderSpan != nil)
            if let request = reader.read(&diagnostics) { requests.append(request) }
            taken += reader.taken
        }
        diagnostics.reportRepeats(taken, kind: "value")
        isBroken = diagnostics.errors > before || section.isSuspect
        if isBroken || requests.isEmpty { return }
        if orderSpan != nil {
            journey = Journey(values: known.valueNames)
            for index in requests.indices { requests[index].weight = 1 / Double(requests.count) }
        } else {
            checkShares(section, &diagnostics)
        }
        nameRoutes()
    }

    /// `requests`, `requests in order`
    private mutating func readHead(_ section: Section, _ diagnostics: inout Diagnostics) {
        if section.isJourney, let first = section.words.first, !section.head.isBroken {
            orderSpan = first.span
            var cursor = Cursor(
                section.head, shape: "requests in order", skipping: section.label == nil ? 2 : 3)
            do throws(Complaint) {
                try cursor.keyword("order")
                try cursor.finish()
            } catch {
                diagnostics.add(error)
            }
            section.checkStatements(example: Self.exampleInOrder, &diagnostics)
        } else {
            section.checkBlock(example: Self.example, &diagnostics)
        }
    }

    private mutating func checkShares(_ section: Section, _ diagnostics: inout Diagnostics) {
        let sum = requests.reduce(0) { $0 + $1.weight }
        if abs(sum - 1) > 1e-6 {
            diagnostics.add(
                RequestProblem.weightSum(percent: sum * 100, count: requests.count),
                at: section.head.first.span)
            isBroken = true
        }
    }

    /// A route names one kind of request in every chart: the second of the same method and path becomes `…
    /// (2)`.
    private mutating func nameRoutes() {
        var seen: [String: Int] = [:]
        for index in requests.indices {
            let route = requests[index].route
            seen[route, default: 0] += 1
            if let count = seen[route], count > 1 { requests[index].route = "\(route) (\(count))" }
        }
    }
}

/// Reads one request: its weight if it is of a mix, method, path and clauses in any order. A bad clause does not hide
/// the next one.
struct RequestReader {
    private var cursor: Cursor
    private var line: Int
    private let known: PlaceholderNames
    private let files: Scenario.FileSource
    private let isInOrder: Bool
    /// The names of the values that it takes.
    private(set) var taken: [Token] = []
    private var pathToken: Token?
    private var clauseSpans: [String: Span] = [:]

    static let clauses = [
        "json", "text", "form", "file", "header", "basic", "expect", "follow", "tracked", "timeout",
        "deadline", "take",
    ]

    init(
        _ statement: Statement, _ known: PlaceholderNames, _ files: @escaping Scenario.FileSource,
        isInOrder: Bool
    ) {
        self.known = known
        self.files = files
        self.isInOrder = isInOrder
        let share = isInOrder ? "" : "60%  "
        cursor = Cursor(statement, shape: share + "GET /api/items/{int 1..500}  expect 200  timeout 5s")
        line = statement.first.span.line
    }

    mutating func read(_ diagnostics: inout Diagnostics) -> Request? {
        let before = diagnostics.errors
        var request: Request
        do throws(Complaint) {
            request = try start(&diagnostics)
        } catch {
            diagnostics.add(error)
            skipToNextClause()
            // Clauses are still read, for their own findings.
            request = Request(route: "", weight: 0, method: .post, path: Template(literal: "/"))
            pathToken = nil
        }
        while let token = cursor.next() {
            do throws(Complaint) {
                try clause(token, &request, &diagnostics)
            } catch {
                diagnostics.add(error)
                skipToNextClause()
            }
        }
        if diagnostics.errors == before { checkAsAWhole(request, &diagnostics) }
        return diagnostics.errors == before ? request : nil
    }

    private mutating func start(_ diagnostics: inout Diagnostics) throws(Complaint) -> Request {
        let weight = try weight()
        let methods = Request.Method.allCases.map(\.rawValue)
        let word = try cursor.choice(of: methods, calling: "a method such as GET")
        let path = try cursor.any("a path such as /api/items")
        let template = RequestReader.path(path, known, &diagnostics)
        pathToken = path
        return Request(
            route: "\(word.text) \(path.text)", weight: weight,
            method: Request.Method(rawValue: word.text) ?? .get,
            path: template)
    }

    /// Of a step of a journey it is known when all have been read.
    private mutating func weight() throws(Complaint) -> Double {
        if isInOrder {
            guard let first = cursor.peek, first.text.hasSuffix("%") else { return 1 }
            throw Complaint(JourneyProblem.share(first.text), at: first.span)
        }
        if let first = cursor.peek, Request.Method(rawValue: first.text) != nil {
            throw Complaint(RequestProblem.noWeight(first.text), at: first.span)
        }
        return try cursor.quantity(.percentage, "the weight", positive: true)
    }

    /// Passing over `take form` and `from json`, where the word is none.
    private mutating func skipToNextClause() {
        cursor.skip(to: Self.clauses)
        while cursor.follows("from") || cursor.follows("take") {
            _ = cursor.next()
            cursor.skip(to: Self.clauses)
        }
    }

    private mutating func clause(
        _ keyword: Token, _ request: inout Request, _ diagnostics: inout Diagnostics
    ) throws(Complaint) {
        guard keyword.kind == .word, Self.clauses.contains(keyword.text) else {
            throw cursor.unexpected(keyword, expected: "a clause of the request", among: Self.clauses)
        }
        // A request may have many headers, but one body, of whatever kind.
        let slot = ["text", "form", "file"].contains(keyword.text) ? "json" : keyword.text
        if slot == "take" {
            try take(keyword, &request)
            return
        }
        if slot != "header", clauseSpans.updateValue(keyword.span, forKey: slot) != nil {
            diagnostics.add(
                slot == "json" ? RequestProblem.secondBody : StructureProblem.duplicateClause(slot),
                at: keyword.span)
        }
        switch keyword.text {
        case "json": request.body = try json(&diagnostics)
        case "text":
            let text = try cursor.string("the text of the body")
            request.body = Request.Body(
                contentType: "text/plain; charset=utf-8", template: template(text, .alsoText, &diagnostics))
        case "form":
            let text = try cursor.string("the fields of the form")
            request.body = Request.Body(
                contentType: "application/x-www-form-urlencoded",
                template: template(text, .alsoText, &diagnostics).encoded(.percent))
        case "file": request.body = try FileBody.read(&cursor, files)
        case "basic": request.basic = try BasicReader.read(&cursor, known, &diagnostics)
        case "follow": request.redirects = .followed
        case "header": request.headers.append(try header(&diagnostics))
        case "expect": request.expectedStatuses = try statuses()
        case "tracked": request.tracking = try tracking(&diagnostics)
        case "timeout": request.timeout = try cursor.duration("the timeout")
        default: request.deadline = try cursor.duration("the deadline")
        }
    }

    private mutating func take(_ keyword: Token, _ request: inout Request) throws(Complaint) {
        guard isInOrder else { throw Complaint(JourneyProblem.takenInMix, at: keyword.span) }
        let (name, capture) = try TakeReader.read(&cursor, known, of: request)
        taken.append(name)
        request.captures.append(capture)
    }

    private mutating func json(_ diagnostics: inout Diagnostics) throws(Complaint) -> Request.Body {
        let token = try cursor.any("a json object or array")
        guard token.kind == .json else {
            throw cursor.unexpected(token, expected: "a json object or array")
        }
        let reader = TemplateReader(token.content, line: token.span.line, braces: .alsoText, known: known)
        for complaint in reader.complaints { diagnostics.add(complaint) }
        let pieces = reader.pieces.encodedForJSON
        if reader.complaints.isEmpty, let fault = JSONCheck.fault(in: pieces, known.tables) {
            diagnostics.add(
                RequestProblem.json(fault.reason, help: fault.help),
                at: Span(line: token.span.line, column: fault.column))
        }
        return Request.Body(contentType: "application/json", template: Template(pieces.map(\.part)))
    }

    private mutating func header(_ diagnostics: inout Diagnostics) throws(Complaint) -> Request.Header {
        let token = try cursor.string("a header such as \"Accept: text/html\"")
        guard let colon = token.content.firstIndex(where: { $0.scalar == ":" }) else {
            throw Complaint(RequestProblem.headerShape(token.value), at: token.span)
        }
        let name = String(text: token.content[..<colon].map(\.scalar))
        let isName = !name.isEmpty && name.unicodeScalars.allSatisfy(RequestReader.isHeaderNameScalar)
        guard isName else { throw Complaint(RequestProblem.headerShape(token.value), at: token.span) }
        let owned = ["connection", "content-length", "expect", "host", "transfer-encoding", "upgrade"]
        if owned.contains(name.lowercased()) {
            throw Complaint(RequestProblem.ownHeader(name), at: token.span)
        }
        let value = Array(token.content[(colon + 1)...].drop { $0.scalar.isBlank })
        if value.contains(where: { $0.scalar.isInvisible }) {
            throw Complaint(RequestProblem.headerLineEnd(name), at: token.span)
        }
        let reader = TemplateReader(value, line: token.span.line, braces: .alsoText, known: known)
        for complaint in reader.complaints { diagnostics.add(complaint) }
        try known.checkForHeader(reader.template, at: token.span)
        return Request.Header(name: name, value: reader.template)
    }

    private mutating func statuses() throws(Complaint) -> [Int] {
        var statuses: [Int] = []
        repeat {
            let token = try cursor.any("a status such as 201")
            guard let status = Int(token.text), (200...599).contains(status) else {
                throw Complaint(RequestProblem.status(token.text), at: token.span)
            }
            if !statuses.contains(status) { statuses.append(status) }
        } while takeComma()
        return statuses
    }

    private mutating func tracking(_ diagnostics: inout Diagnostics) throws(Complaint) -> Tracking {
        guard cursor.take("at") else {
            guard let pathToken else { return Tracking(readBack: Template([.uuid])) }
            return try RequestReader.tracking(beside: pathToken, known)
        }
        let token = try cursor.any("a path such as /api/items/{uuid}")
        let before = diagnostics.errors
        let template = RequestReader.path(token, known, &diagnostics)
        if diagnostics.errors > before { return Tracking(readBack: template) }
        guard template.parts.filter({ $0 == .uuid }).count == 1, RequestReader.isKeyed(template) else {
            throw Complaint(RequestProblem.readBackKey(token.text), at: token.span)
        }
        return Tracking(readBack: template)
    }

    private mutating func takeComma() -> Bool {
        guard cursor.peek?.kind == .comma else { return false }
        _ = cursor.next()
        return true
    }

    private func template(
        _ token: Token, _ braces: TemplateReader.Braces, _ diagnostics: inout Diagnostics
    ) -> Template {
        let reader = TemplateReader(token.content, line: token.span.line, braces: braces, known: known)
        for complaint in reader.complaints { diagnostics.add(complaint) }
        return reader.template
    }

    private func checkAsAWhole(_ request: Request, _ diagnostics: inout Diagnostics) {
        if let span = clauseSpans["json"], [.get, .head].contains(request.method) {
            diagnostics.add(RequestProblem.bodyOfReading(request.method.rawValue), at: span)
        }
        if let span = clauseSpans["basic"],
            request.headers.contains(where: { $0.name.lowercased() == "authorization" })
        {
            diagnostics.add(BasicProblem.besideHeader, at: span)
        }
        if let span = clauseSpans["follow"], let problem = FollowProblem(in: request) {
            diagnostics.add(problem, at: span)
        }
        if request.timeout > request.deadline {
            let span = clauseSpans["timeout"] ?? clauseSpans["deadline"] ?? Span(line: line, column: 1)
            diagnostics.add(RequestProblem.timeoutBeyondDeadline(request.timeout, request.deadline), at: span)
        }
        if let span = clauseSpans["tracked"], isInOrder {
            diagnostics.add(JourneyProblem.tracked, at: span)
        } else if let span = clauseSpans["tracked"] {
            if ![.post, .put, .patch].contains(request.method) {
                diagnostics.add(RequestProblem.trackedReading(request.method.rawValue), at: span)
            } else if !RequestReader.carriesKey(request) {
                diagnostics.add(RequestProblem.noKey, at: span)
            }
        }
    }
}
