import Plan
import Verdict

/// A gate as JUnit XML: one suite a run, one case an expectation.
///
/// Broken is a failure, unknown and a run that was not played are errors, known broken is skipped: CI servers show all
/// four apart.
package enum GateJUnit {
    package static func text(_ gate: GateResult) -> String {
        let suites = gate.plays.map(suite) + (gate.comparisons.isEmpty ? [] : [suite(gate.comparisons)])
        let totals = gate.plays.map(Counts.init).reduce(Counts(gate.comparisons), +)
        let time = gate.plays.reduce(0) { $0 + $1.seconds }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="loadchaos"\(totals.attributes) time="\(seconds(time))">
            \(suites.joined(separator: "\n"))
            </testsuites>

            """
    }

    private struct Counts {
        var tests = 0
        var failures = 0
        var errors = 0
        var skipped = 0

        init() {}

        init(_ play: GateResult.Play) {
            guard let verdict = play.verdict else {
                (tests, errors) = (1, 1)
                return
            }
            let answers = verdict.findings.map(\.answer)
            tests = max(1, answers.count)
            failures = answers.count { $0 == .broken || $0 == .notHealed }
            errors = answers.count { $0 == .unknown }
            skipped = answers.count { $0 == .knownBroken }
            guard play.wholeRun != nil else { return }
            tests = answers.count + 1
            if verdict.answer == .unknown { errors += 1 } else { failures += 1 }
        }

        init(_ comparisons: [GateResult.Compared]) {
            tests = comparisons.count
            failures = comparisons.count { $0.answer == .broken }
            errors = comparisons.count { $0.answer == .unknown }
            skipped = comparisons.count { $0.answer == nil }
        }

        static func + (a: Counts, b: Counts) -> Counts {
            var sum = a
            sum.tests += b.tests
            sum.failures += b.failures
            sum.errors += b.errors
            sum.skipped += b.skipped
            return sum
        }

        var attributes: String {
            " tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
        }
    }

    private static func suite(_ play: GateResult.Play) -> String {
        let name = escaped(play.name)
        var cases: [String] = []
        if let verdict = play.verdict {
            cases = verdict.findings.map { testCase($0, of: name) }
            if let words = play.wholeRun {
                let element = verdict.answer == .unknown ? "error" : "failure"
                cases.append(
                    """
                        <testcase classname="\(name)" name="\(GateResult.wholeRun)">
                          <\(element) message="\(escaped(words))" type="\(verdict.answer.rawValue)"/>
                        </testcase>
                    """)
            } else if cases.isEmpty {
                cases.append("    <testcase classname=\"\(name)\" name=\"\(GateResult.wholeRun)\"/>")
            }
        } else {
            cases.append(
                """
                    <testcase classname="\(name)" name="\(GateResult.wholeRun)">
                      <error message="\(escaped(play.problem ?? ""))" type="not-played"/>
                    </testcase>
                """)
        }
        return """
              <testsuite name="\(name)"\(Counts(play).attributes) time="\(seconds(play.seconds))">
            \(cases.joined(separator: "\n"))
              </testsuite>
            """
    }

    /// One case a scenario.
    private static func suite(_ comparisons: [GateResult.Compared]) -> String {
        let name = "beside the baseline"
        let cases = comparisons.map { compared -> String in
            let words = escaped(compared.lines.joined(separator: "; "))
            let content =
                switch compared.answer {
                case nil: "<skipped message=\"\(words)\"/>"
                case .kept, .knownBroken: "<system-out>\(words)</system-out>"
                case .unknown: "<error message=\"\(words)\" type=\"unknown\"/>"
                case .broken, .notHealed: "<failure message=\"\(words)\" type=\"worse\"/>"
                }
            return """
                    <testcase classname="\(name)" name="\(escaped(compared.scenario))">
                      \(content)
                    </testcase>
                """
        }
        return """
              <testsuite name="\(name)"\(Counts(comparisons).attributes) time="0.0">
            \(cases.joined(separator: "\n"))
              </testsuite>
            """
    }

    private static func testCase(_ finding: Finding, of suite: String) -> String {
        let promise = finding.expectation.promise.map { "\($0): " } ?? ""
        let opening =
            "    <testcase classname=\"\(suite)\" name=\"\(escaped(promise + finding.expectation.text))\">"
        let message = "message=\"\(escaped(finding.measured))\""
        let type = "type=\"\(finding.answer.rawValue)\""
        let content =
            switch finding.answer {
            case .kept: "<system-out>\(escaped(finding.measured))</system-out>"
            case .knownBroken:
                "<skipped message=\"known broken: \(escaped(finding.measured)); \(escaped(finding.reason))\"/>"
            case .unknown: "<error \(message) \(type)>\(escaped(finding.reason))</error>"
            case .broken, .notHealed: "<failure \(message) \(type)>\(escaped(finding.reason))</failure>"
            }
        return "\(opening)\n      \(content)\n    </testcase>"
    }

    private static func seconds(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// For text and attributes. Characters that XML 1.0 cannot hold at all become U+FFFD.
    static func escaped(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "\t", "\n", "\r": safe += "&#\(scalar.value);"
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                safe += "\u{FFFD}"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
