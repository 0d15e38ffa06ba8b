import Foundation
import Plan
import Scenario
import Testing

/// `docs/language.md` is held to what it says: every example in it is read.
@Suite struct LanguageDocumentTests {
    @Test func `every example of the document is read without a finding, or with the one shown below it`()
        throws
    {
        let examples = try Example.all()
        #expect(examples.count >= 8)
        for example in examples {
            #expect(
                example.findings.map(\.description).joined(separator: "\n") == example.expected,
                "the example on line \(example.line)")
        }
    }

    @Test func `every example is laid out as fmt would`() throws {
        for example in try Example.all() where example.expected.isEmpty {
            let trimmed = example.text.hasSuffix("\n") ? example.text : example.text + "\n"
            #expect(Scenario.format(trimmed) == trimmed, "the example on line \(example.line)")
        }
    }

    @Test func `the document shows every section, fault and clause`() throws {
        let text = try Example.all().map(\.text).joined(separator: "\n")
        for word in [
            "load \"", "requests \"", "requests in order", "take token from json", " from header ",
            " from regex ", "{token}",
            "step from",
            "spike from", "wave from", "poisson arrivals", "reconnect after", "resuming", " users ",
            "think ", "data\n", "at random", "replay \"access.log\" at ",
            "scenario ", "use ", "speed ", "warm up at", "ramp from", "hold ", "json ", "text ", "form ",
            "header ", " file \"", " basic \"", "follow\n",
            "expect 200, 304", "tracked\n", "tracked at", "timeout ", "deadline ", "{int ", "{seq}", "{uuid}",
            "{one of ", "kill ", "block zone", "latency", "error rate", "throughput", "recovery",
            "lost writes", "hang ", "interrupt ", "fail over database", "lose zone", "lose nat", "lose redis",
            "cut ", "% of packets", "delay ", "stress cpu", "exhaust connections", " undo ",
            "scale ", "failing its health check", "crashing", "slow", "with group", " run \"", "shell \"",
            "succeeds",
            "fails",
            "running tasks", "healthy tasks", "between", "when calm", "during", "after", "keeps", "region",
            "zones",
            "cluster", "balancer", "database", "guard", "account", "tag", "leave ", "strike at most",
            "services", "promises",
            "known broken",
            "by construction",
        ] { #expect(text.contains(word), "\(word)") }
    }
}

/// One fenced example.
private struct Example {
    var line: Int
    var language: String
    var text: String
    /// The findings shown in the `text` block after it.
    var expected = ""

    static func all() throws -> [Example] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let url = root.deletingLastPathComponent().appending(path: "docs/language.md")
        let lines = try String(contentsOf: url, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        var examples: [Example] = []
        var open: Example?
        for (number, line) in lines.enumerated() {
            if line.hasPrefix("```") {
                if let block = open {
                    if block.language == "text", !examples.isEmpty {
                        examples[examples.count - 1].expected = block.text
                    } else if ["scn", "system"].contains(block.language) {
                        examples.append(block)
                    }
                    open = nil
                } else {
                    open = Example(line: number + 1, language: String(line.dropFirst(3)), text: "")
                }
            } else if var block = open {
                block.text += (block.text.isEmpty ? "" : "\n") + line
                open = block
            }
        }
        return examples
    }

    /// A part of a scenario is read in the place of its section in a whole one.
    var findings: [Finding] {
        if language == "system" { return Scenario.parseSystem(text: text, file: "a.system").findings }
        var sections = [
            "scenario": "scenario \"Sample\"\nuse \"a.system\"\n",
            "load": "load\n    hold 80/s for 9m\n",
            "data": "",
            "probes": ["redis operations", "database by a task", "database by others"].reduce("probes\n") {
                "\($0)    \"\($1)\"  at 1m  in redis  run \"true\"\n"
            },
            "requests": "requests\n    100%  POST /items  json {\"id\": \"{uuid}\"}  tracked\n",
            "chaos": "chaos\n    at 2m  block zone ap-south-1a  for 1m\n",
            "expect": "expect\n    lost writes  = 0\n",
        ]
        let word = String(text.prefix { $0.isLetter })
        if sections[word] != nil, word != "scenario" {
            // An example may have several sections.
            if text.contains("in order") { sections["expect"] = "expect\n    error rate  < 1%\n" }
            if text.contains("replay") {
                (sections["requests"], sections["expect"]) = ("", "expect\n    error rate  < 1%\n")
            }
            for line in text.split(separator: "\n") { sections[String(line.prefix { $0.isLetter })]? = "" }
            sections[word] = text + "\n"
        }
        let order = ["scenario", "load", "data", "requests", "chaos", "probes", "expect"]
        let whole = order.map { sections[$0] ?? "" }.joined(separator: "\n")
        let scenario = sections[word] != nil && word != "scenario" ? whole : text
        return Scenario.parse(text: scenario, file: "a.scn") { .success(Array(Example.file($0).utf8)) }
            .findings
    }

    private static func file(_ path: String) -> String {
        if path.hasSuffix(".csv") { return "id,name\n1,a\n" }
        if path.hasSuffix(".log") { return Recording.twoSeconds + Recording.tenMinutesLater }
        return path.hasSuffix(".jsonl") ? "{\"word\": \"a\"}\n" : system
    }

    /// The system of the document's own examples.
    private static let system = """
        system "ecs-microservices"
        region ap-south-1
        zones ap-south-1a, ap-south-1b
        cluster c
        balancer b in front of nginx
        database d
        services
            nginx      tasks 2 to 4  cpu 0.25vCPU  memory 512MiB  port 80
            flask-app  tasks 2 to 4  cpu 0.5vCPU   memory 1GiB    port 5000
            redis      tasks 1       cpu 0.25vCPU  memory 512MiB  port 6379
        promises
            "tasks stay between 2 and 4"
                from "Auto Scaling: Limits"
                check tasks of nginx between 2 and 4
        """
}
