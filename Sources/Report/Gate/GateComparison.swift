package import Verdict

extension GateResult {
    /// The runs of one scenario beside those of a baseline.
    package struct Compared: Sendable {
        package enum Outcome: Sendable {
            case compared(Comparison)
            /// Why it could not be.
            case refused(String)
            /// There is no run to compare with: nothing has been said against it.
            case noBaseline
        }

        package var scenario: String
        package var outcome: Outcome

        package init(scenario: String, outcome: Outcome) {
            (self.scenario, self.outcome) = (scenario, outcome)
        }

        /// What it means for the gate; nil: nothing.
        package var answer: Answer? {
            switch outcome {
            case .compared(let comparison): Answer(comparison.answer)
            case .refused: .unknown
            case .noBaseline: nil
            }
        }

        /// For machines.
        var name: String {
            switch outcome {
            case .compared(let comparison): comparison.answer.rawValue
            case .refused: "refused"
            case .noBaseline: "never-compared"
            }
        }

        /// For people.
        var word: String { name.replacing("-", with: " ") }

        /// What was measured, or why nothing was; a line for each measure.
        var lines: [String] {
            switch outcome {
            case .compared(let comparison): comparison.rows.map(ComparisonText.line)
            case .refused(let words): [words]
            case .noBaseline: ["no run to compare with"]
            }
        }
    }
}
