import Plan

/// Reads a `.scn` file: its sections, the system it uses, and whether the two fit.
struct ScenarioReader {
    private let file: String
    private let source: SourceFile
    var diagnostics: Diagnostics
    /// Findings in the system file stand before those of the scenario.
    private var systemFindings: [Finding] = []
    private(set) var sections = Sections()
    /// nil if the section is broken, so that no check is blamed for it.
    private var probeNames: [String]?

    init(_ text: String, file: String) {
        self.file = file
        (source, diagnostics) = SourceFile.read(text, file: file)
    }

    var findings: [Finding] { systemFindings + diagnostics.sorted }

    mutating func read(_ files: @escaping Scenario.FileSource) -> Plan? {
        if source.outline.sections.isEmpty { return nil }
        sections = source.sections(of: .scenario, &diagnostics)
        let title = oneLine("scenario", example: "scenario \"An availability zone goes dark\"") { cursor, _ in
            ScenarioReader.title(&cursor)
        }
        let system = system(files)
        let speed = speed()
        let tags = tags()
        let file = file
        let named: Scenario.FileSource = { files(ScenarioReader.lead($0, from: file)) }
        let data = block("data", example: DataSection.example) { section, diagnostics in
            DataSection(section, diagnostics: &diagnostics, files: named)
        }
        let tables = data?.tables ?? []
        let loads = StreamSections(sections, tables, named, &diagnostics)
        let chaos = block("chaos", example: ChaosSection.example) { ChaosSection($0, &$1) }
        let asked = block("probes", example: ProbesSection.example) { ProbesSection($0, &$1) }
        let stop = block("stop", example: StopSection.example) { StopSection($0, &$1) }
        let expect = block("expect", example: ExpectSection.example) { ExpectSection($0, &$1) }
        missing("load", example: LoadSection.example)
        if !loads.areReplays {
            missing("requests", example: RequestsSection.example)
        } else if let section = sections["data"] {
            diagnostics.add(ReplayProblem.beside("`data`"), at: section.head.first.span)
        }
        if sections.isMissing("expect"), let head = sections["scenario"]?.head.first {
            diagnostics.add(ExpectationProblem.nothingExpected, at: head.span, severity: .warning)
        }
        let faults = (chaos?.faults ?? []).sorted { $0.planned.at < $1.planned.at }
        let probes = (asked?.probes ?? []).sorted { $0.probe.at < $1.probe.at }
        if !loads.isEmpty, !loads.isBroken { checkTimes(faults, probes, loads.span) }
        checkNames(faults, probes, system)
        if let alarm = stop?.alarm, sections["use"] == nil {
            diagnostics.add(NameProblem.needsSystem("`alarm \(alarm.text)`"), at: alarm.span)
        }
        probeNames = asked?.isBroken ?? sections.suspects.contains("probes") ? nil : probes.map(\.probe.name)
        let expectations = expectations(
            expect, faults: areFaultsKnown(chaos) ? faults.map(\.planned.name) : nil, system: system,
            tracks: loads.tracksWrites, loads: sections.suspects.contains("load") ? nil : loads.names)
        guard findings.allSatisfy({ $0.severity != .error }), let title, let streams = loads.streams
        else { return nil }
        return Plan(
            name: title, streams: streams, requests: loads.requests, faults: faults.map(\.planned),
            probes: probes.map(\.probe), expectations: expectations, system: system, speed: speed,
            transport: loads.transport, tags: tags, stops: stop?.conditions ?? [],
            tables: tables + loads.recordedTables, handshakes: loads.handshakes)
    }

    // MARK: Sections

    private mutating func missing(_ name: String, example: String) {
        guard sections.isMissing(name) else { return }
        diagnostics.add(StructureProblem.missingSection(name, of: .scenario, example: example))
    }

    private mutating func block<Content>(
        _ name: String, example: String, _ read: (Section, inout Diagnostics) -> Content
    ) -> Content? {
        guard let section = sections[name] else { return nil }
        section.checkBlock(example: example, &diagnostics)
        return read(section, &diagnostics)
    }

    private mutating func oneLine<Value>(
        _ name: String, example: String,
        _ read: (inout Cursor, inout Diagnostics) -> Result<Value, Complaint>
    ) -> Value? {
        guard let section = sections[name] else {
            if name == "scenario" { missing(name, example: example) }
            return nil
        }
        if section.head.isBroken { return nil }
        var cursor = section.line(shape: example, &diagnostics)
        switch read(&cursor, &diagnostics) {
        case .success(let value):
            if let extra = cursor.peek {
                diagnostics.add(WordProblem.extra(extra.text, shape: example), at: extra.span)
            }
            return value
        case .failure(let complaint):
            diagnostics.add(complaint)
            return nil
        }
    }

    private static func title(_ cursor: inout Cursor) -> Result<String, Complaint> {
        Result { () throws(Complaint) -> String in
            let token = try cursor.string("a title")
            guard token.content.contains(where: { !$0.scalar.isBlank && !$0.scalar.isInvisible }) else {
                throw Complaint(NameProblem.notWord("a title", token.text), at: token.span)
            }
            return token.value
        }
    }

    private mutating func speed() -> Double {
        oneLine("speed", example: "speed 6") { cursor, _ in
            Result { () throws(Complaint) -> Double in
                let token = try cursor.any("a factor such as 6")
                let number = WrittenNumber(token.text)
                guard token.kind == .word, !number.negative, number.suffix.isEmpty, let value = number.value
                else {
                    throw cursor.unexpected(token, expected: "a factor without a unit such as 6")
                }
                guard (1...60).contains(value) else {
                    throw Complaint(
                        StructureProblem.outOfRange(
                            what: "the speed", value: token.text, low: "1", high: "60"),
                        at: token.span)
                }
                return value
            }
        } ?? 1
    }

    private mutating func tags() -> [Tag] {
        let found = oneLine("tags", example: "tags zone, quick") { cursor, diagnostics in
            Result { () throws(Complaint) -> [Token] in
                let tags = try cursor.names("a tag")
                diagnostics.reportRepeats(tags, kind: "tag")
                return tags
            }
        }
        return (found ?? []).map { Tag(rawValue: $0.value) }
    }

    /// The system that `use` names; nil if there is none or it cannot be read. One with errors is still used
    /// for looking names up, so that all findings come at once.
    private mutating func system(_ files: Scenario.FileSource) -> System? {
        let example = "use \"ecs-microservices.system\""
        let path = oneLine("use", example: example) { cursor, _ in
            Result { () throws(Complaint) -> Token in
                let token = try cursor.string("the name of a system file")
                if token.value.isEmpty {
                    throw Complaint(NameProblem.notWord("the name of a file", token.text), at: token.span)
                }
                return token
            }
        }
        guard let path else { return nil }
        let led = ScenarioReader.lead(path.value, from: file)
        switch files(led).small.flatMap(FileText.decode) {
        case .failure(let problem):
            diagnostics.add(UseProblem(path: led, problem: problem), at: path.span)
            return nil
        case .success(let text):
            var reader = SystemReader(text, file: led)
            reader.read()
            systemFindings = reader.findings
            return reader.system
        }
    }

    /// `b.system` from `scenarios/a.scn` is `scenarios/b.system`.
    private static func lead(_ path: String, from file: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }

    // MARK: Whether it all fits

    /// Whether a check that names no planned fault can be blamed for it.
    private func areFaultsKnown(_ chaos: ChaosSection?) -> Bool {
        guard let chaos else { return !sections.suspects.contains("chaos") }
        return !chaos.isBroken && !chaos.faults.isEmpty
    }

    // MARK: Expectations

    /// - Parameter faults: the names of the planned faults; nil if the chaos section is broken, so that no
    ///   check is blamed for it.
    /// - Parameter loads: the names of the loads; nil, likewise.
    private mutating func expectations(
        _ section: ExpectSection?, faults: [String]?, system: System?, tracks: Bool, loads: [String]?
    ) -> [Expectation] {
        var expectations: [Expectation] = []
        for statement in section?.statements ?? [] {
            switch statement {
            case .check(let draft):
                if let service = draft.service {
                    if let system {
                        look(up: service, kind: "service", among: system.services.map(\.name), system)
                    } else if sections["use"] == nil {
                        diagnostics.add(NameProblem.needsSystem("`\(service.value)`"), at: service.span)
                    }
                } else if case .tasks = draft.check, system == nil, sections["use"] == nil {
                    diagnostics.add(NameProblem.needsSystem("`\(draft.text)`"), at: draft.span)
                }
                if let hop = draft.hop {
                    // A system with errors of its own may have lost the hop by them.
                    if let system, systemFindings.allSatisfy({ $0.severity != .error }) {
                        diagnostics.look(up: hop, system)
                    } else if sections["use"] == nil {
                        diagnostics.add(NameProblem.needsSystem("`\(hop.name)`"), at: hop.span)
                    }
                }
                if case .lostWrites = draft.check, !tracks {
                    diagnostics.add(ExpectationProblem.nothingTracked, at: draft.span)
                }
                if case .probe(let name, _) = draft.check, let probeNames, !probeNames.contains(name) {
                    diagnostics.add(
                        ProbeProblem.unknown(name, planned: probeNames), at: draft.probeSpan ?? draft.span)
                }
                if let load = draft.load, let loads, !loads.contains(load.value) {
                    diagnostics.add(StreamProblem.unknown(load.text, known: loads), at: load.span)
                }
                let window = window(draft, faults)
                expectations.append(
                    Expectation(
                        text: draft.text, check: draft.check, window: window, stream: draft.load?.value))
            case .keeps(let name): expectations += kept(name, faults, system, tracks)
            }
        }
        return expectations
    }

    private mutating func window(_ draft: ExpectationDraft, _ faults: [String]?) -> Window {
        guard let tokens = draft.faultWords else {
            if case .calm = draft.time { return .calm }
            return .measured
        }
        let words = Cursor.text(tokens)
        let matches = ScenarioReader.faults(reading: words, among: faults ?? [])
        if let faults, matches.count != 1 {
            diagnostics.add(
                matches.isEmpty
                    ? ExpectationProblem.unknownFault(words, planned: faults)
                    : .ambiguousFault(words, planned: matches),
                at: Cursor.span(tokens))
        }
        let name = matches.first ?? words
        if case .during = draft.time { return .during(fault: name) }
        return .after(fault: name)
    }

    /// The faults that read so: the one with this very name, or all that begin with these words.
    private static func faults(reading words: String, among faults: [String]) -> [String] {
        faults.contains(words) ? [words] : faults.filter { $0.hasPrefix(words + " ") }
    }

    /// The checks of a promise, their faults resolved to those of this scenario.
    private mutating func kept(
        _ name: Token, _ faults: [String]?, _ system: System?, _ tracks: Bool
    ) -> [Expectation] {
        guard let system else {
            if sections["use"] == nil { diagnostics.add(NameProblem.needsSystem(name.text), at: name.span) }
            return []
        }
        guard let promise = system.promises.first(where: { $0.name == name.value }) else {
            if !system.promises.isEmpty {
                diagnostics.add(
                    NameProblem.unknown(
                        kind: "promise", name.value, known: system.promises.map(\.name), system: system.name),
                    at: name.span)
            }
            return []
        }
        return promise.expectations.map { expectation in
            var expectation = expectation
            expectation.promise = promise.name
            if case .lostWrites = expectation.check, !tracks {
                diagnostics.add(ExpectationProblem.nothingTracked, at: name.span)
            }
            if case .probe(let probe, _) = expectation.check, let probeNames, !probeNames.contains(probe) {
                diagnostics.add(ProbeProblem.promised(promise: promise.name, probe: probe), at: name.span)
            }
            guard let words = expectation.window.fault, let faults else { return expectation }
            let matches = ScenarioReader.faults(reading: words, among: faults)
            if matches.count == 1 {
                expectation.window.fault = matches[0]
            } else {
                diagnostics.add(
                    ExpectationProblem.promisedFault(promise: promise.name, words: words, planned: matches),
                    at: name.span)
            }
            return expectation
        }
    }
}

/// A file named by `use` that cannot be read.
struct UseProblem: Problem {
    var path: String
    var problem: FileProblem

    var message: String { "\(path): \(problem.message)" }
    var note: String? {
        if case .notFound = problem { "the path starts from the directory of the scenario" } else { nil }
    }
    var help: String? {
        if case .directory = problem { nil } else { problem.help }
    }
}

extension Window {
    /// The fault it looks at, if any.
    var fault: String? {
        get {
            switch self {
            case .during(let fault), .after(let fault): fault
            case .measured, .calm: nil
            }
        }
        set {
            guard let newValue else { return }
            switch self {
            case .during: self = .during(fault: newValue)
            case .after: self = .after(fault: newValue)
            case .measured, .calm: break
            }
        }
    }
}
