import Plan

/// Reads `replay "access.log" at 200%` and the recording that it names.
enum ReplayReader {
    static let shape = "replay \"access.log\" at 200%"
    /// In percent of the recorded speed.
    private static let speeds = 1.0...10_000

    /// - Parameters:
    ///   - cursor: stands behind `replay`.
    ///   - files: gives the bytes of a file by its path as written.
    ///   - table: where the recording's table will stand among those of the Plan.
    static func read(
        _ cursor: inout Cursor, _ files: Scenario.FileSource, _ diagnostics: inout Diagnostics, table: Int
    ) throws(Complaint) -> RecordedLoad {
        cursor.shape = shape
        let file = try cursor.string("the name of a recording")
        let factor = cursor.take("at") ? try factor(&cursor) : 1
        try cursor.finish()
        switch files(file.value) {
        case .failure(let problem):
            throw Complaint(UseProblem(path: file.value, problem: problem), at: file.span)
        case .success(let bytes):
            do throws(ReplayProblem) {
                let load = try RecordedLoad(bytes, factor: factor, table: table)
                for warning in load.warnings {
                    diagnostics.add(
                        InFile(path: file.value, problem: warning), at: file.span, severity: .warning)
                }
                return load
            } catch {
                throw Complaint(InFile(path: file.value, problem: error), at: file.span)
            }
        }
    }

    /// `200%`
    private static func factor(_ cursor: inout Cursor) throws(Complaint) -> Double {
        let token = try cursor.any("a percentage such as 200%")
        let number = WrittenNumber(token.text)
        guard token.kind == .word, number.suffix == "%", let value = number.value else {
            throw cursor.unexpected(token, expected: "a percentage such as 200%")
        }
        guard !number.negative, speeds.contains(value) else {
            throw Complaint(
                StructureProblem.outOfRange(
                    what: "the speed of a replay", value: token.text, low: "1%", high: "10000%"),
                at: token.span)
        }
        return value / 100
    }
}
