import Verdict

/// GitHub's workflow commands: each complaint of a gate at the scenario's file.
package enum GateAnnotations {
    package static func lines(_ gate: GateResult) -> [String] {
        let complaints = gate.complaints.map { complaint in
            line(
                complaint.answer, complaint.play.file, "\(complaint.play.name) \(complaint.word)",
                "\(complaint.expected): \(complaint.why)")
        }
        let comparisons = gate.comparisons.compactMap { compared -> String? in
            guard let answer = compared.answer, answer > .knownBroken,
                let play = gate.plays.first(where: { $0.scenario == compared.scenario })
            else { return nil }
            return line(
                answer, play.file, "\(compared.scenario) \(compared.word)",
                "beside the baseline: \(compared.lines.joined(separator: "; "))")
        }
        return complaints + comparisons
    }

    private static func line(_ answer: Answer?, _ file: String, _ title: String, _ words: String) -> String {
        let level = answer == .unknown ? "warning" : "error"
        return "::\(level) file=\(property(file)),title=\(property(title))::\(data(words))"
    }

    private static func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
