import Plan
import Scenario
import Testing

/// `guard` of a system: what a fault must leave.
@Suite struct GuardSectionTests {
    @Test(
        arguments: [
            ("leave 1 task of each service", System.Guard(leastLeft: 1)),
            ("leave 2 tasks of each service", System.Guard(leastLeft: 2)),
            ("strike at most 33.5% of a service", System.Guard(largestShare: 0.335)),
        ])
    func `a guard says what a service keeps`(line: String, guardrail: System.Guard) throws {
        let text = Sample.system.replacing("    tag loadchaos = allowed", with: "    \(line)")
            .replacing("    account 123456789012\n", with: "")
        let system = try #require(Scenario.parseSystem(text: text, file: "shop.system").value)
        #expect(system.guardrail == guardrail)
    }

    @Test(
        arguments: [
            ("leave 0 tasks of each service", "the number of tasks is 0"),
            ("leave 1 task", "`of`"), ("strike at most 0% of a service", "the part of a service is zero: 0%"),
            ("strike at most half of a service", "a percentage such as 5%"),
            ("leave 1 task of each service\n    leave 2 tasks of each service", "`leave`"),
        ])
    func `a guard that cannot be understood says why`(line: String, words: String) {
        let text = Sample.system.replacing("    tag loadchaos = allowed", with: "    \(line)")
        let findings = Scenario.parseSystem(text: text, file: "shop.system").findings
        #expect(findings.contains { "\($0)".contains(words) }, "\(findings)")
    }
}
