import Verdict

/// GitHub's workflow commands: each complaint of a gate at the scenario's file.
package enum GateAnnotations {
    package static func lines(_ gate: GateResult) -> [String] {
        gate.complaints.map { complaint in
            let level = complaint.answer == .unknown ? "warning" : "error"
            let title = property("\(complaint.play.name) \(complaint.word)")
            let words = data("\(complaint.expected): \(complaint.why)")
            return "::\(level) file=\(property(complaint.play.file)),title=\(title)::\(words)"
        }
    }

    private static func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
