package import Plan

/// What came of reading a file: the value if it has no error, and every finding, in the order of the file.
package struct Reading<Value: Sendable>: Sendable {
    /// nil if any finding is an error.
    package let value: Value?
    package let findings: [Finding]

    package var errors: Int { findings.count { $0.severity == .error } }
}

/// `.scn` and `.system` text in, Plan or findings out.
package enum Scenario {
    /// The largest file that is read, in bytes. A scenario is written by hand; more is a mistake.
    package static let sizeLimit = 1_000_000

    /// Where the bytes of a file that the scenario names come from; its argument is the path, led from the
    /// scenario's own.
    package typealias FileSource = (_ path: String) -> Result<[UInt8], FileProblem>

    /// Reads a scenario and the files it names.
    package static func load(path: String) -> Reading<Plan> {
        switch FileText.read(path) {
        case .success(let text):
            return parse(text: text, file: path) {
                FileText.bytes(of: $0, limit: RecordedLoad.sizeLimit)
            }
        case .failure(let problem): return Reading(value: nil, findings: [problem.finding(in: path)])
        }
    }

    /// Reads a system file.
    package static func loadSystem(path: String) -> Reading<System> {
        switch FileText.read(path) {
        case .success(let text): return parseSystem(text: text, file: path)
        case .failure(let problem): return Reading(value: nil, findings: [problem.finding(in: path)])
        }
    }

    /// Pure: the text of a scenario in, its Plan or its findings out.
    package static func parse(
        text: String, file: String, files: @escaping FileSource
    ) -> Reading<Plan> {
        var reader = ScenarioReader(text, file: file)
        let plan = reader.read(files)
        return Reading(value: plan, findings: reader.findings)
    }

    /// Pure: the text of a system file in, the System or its findings out.
    package static func parseSystem(text: String, file: String) -> Reading<System> {
        var reader = SystemReader(text, file: file)
        reader.read()
        return Reading(value: reader.isValid ? reader.system : nil, findings: reader.findings)
    }

    /// A file as the body of a request.
    package static func body(path: String) -> Result<Request.Body, FileProblem> {
        FileText.bytes(of: path, limit: Scenario.sizeLimit).map { FileBody.body(of: $0, called: path) }
    }

    /// The text of a file, for formatting; `name` is what a finding calls it.
    package static func text(path: String, shownAs name: String) -> Result<String, Finding> {
        FileText.read(path).mapError { $0.finding(in: name) }
    }
}
