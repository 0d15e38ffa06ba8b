import Plan
import Scenario
import Testing

/// A change to the sample scenario or its system, and what is said about it.
struct Diagnostic: CustomTestStringConvertible, Sendable {
    let name: String
    let inSystem: Bool
    let edits: [Edit]
    let expected: String

    init(_ name: String, inSystem: Bool = false, edits: [Edit], says expected: String) {
        self.name = name
        self.inSystem = inSystem
        self.edits = edits
        self.expected = expected
    }

    var testDescription: String { name }

    /// What is found in the sample with the edits made.
    var found: String {
        let scenario = inSystem ? Sample.scenario : Edit.apply(edits, to: Sample.scenario)
        let system = inSystem ? Edit.apply(edits, to: Sample.system) : Sample.system
        let reading = Sample.parse(scenario, system: system)
        #expect((reading.value == nil) == reading.findings.contains { $0.severity == .error })
        return reading.findings.map(\.description).joined(separator: "\n")
    }
}

/// One replacement of text that must be there.
struct Edit: Sendable {
    let old: String
    let new: String

    init(_ old: String, to new: String) {
        self.old = old
        self.new = new
    }

    /// The sample with these faults in place of its own, and without the check of it.
    static func chaos(_ faults: String...) -> [Edit] {
        [
            Edit("at 2m  block zone ap-south-1a  for 4m", to: faults.joined(separator: "\n    ")),
            Edit("recovery     < 120s     after block zone\n    ", to: ""),
        ]
    }

    static func apply(_ edits: [Edit], to text: String) -> String {
        edits.reduce(text) { text, edit in
            guard let range = text.firstRange(of: edit.old) else {
                Issue.record("the sample does not contain: \(edit.old)")
                return text
            }
            return text.replacingCharacters(in: range, with: edit.new)
        }
    }
}

extension String {
    /// As Foundation has it, for a test target that needs nothing else of it.
    func replacingCharacters(in range: Range<Index>, with other: String) -> String {
        self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}

/// A scenario and a system without a finding.
enum Sample {
    static func parse(_ scenario: String, system: String = Sample.system) -> Reading<Plan> {
        Scenario.parse(text: scenario, file: "a.scn") { path in
            switch path {
            case "shop.system": .success(Array(system.utf8))
            case ".": .failure(.directory)
            default: .failure(.notFound(beside: ["shop.system"]))
            }
        }
    }

    /// The Plan of the sample with the edits made; whatever is found is an issue.
    static func plan(_ edits: [Edit]) throws -> Plan {
        let reading = parse(Edit.apply(edits, to: scenario))
        for finding in reading.findings { Issue.record("\(finding)") }
        return try #require(reading.value)
    }

    static let scenario = #"""
        scenario "A zone goes dark"
        use "shop.system"
        speed 6

        load
            warm up at 20/s for 30s
            hold 80/s for 9m

        requests
            60%  GET  /api/items/{int 1..500}
            40%  POST /api/items  json {"id": "{uuid}"}  expect 201  tracked

        chaos
            at 2m  block zone ap-south-1a  for 4m

        expect
            p95 latency  < 100ms    when calm
            recovery     < 120s     after block zone
            lost writes  = 0
            keeps "few errors"

        """#

    static let system = #"""
        system "shop"
        region ap-south-1
        zones ap-south-1a, ap-south-1b
        cluster shop-cluster
        balancer shop-alb in front of nginx
        database shop-db

        guard
            account 123456789012
            tag loadchaos = allowed

        services
            nginx      tasks 2 to 4  cpu 0.25vCPU  memory 512MiB   port 80
            flask-app  tasks 2 to 4  cpu 0.5vCPU   memory 1024MiB  port 5000  health /health

        promises
            "few errors"
                from "Response Times"
                check error rate < 0.5% when calm
            "a dead task is replaced"
                from "Auto Scaling"
                check healthy tasks of flask-app >= 2 after kill

        """#
}
