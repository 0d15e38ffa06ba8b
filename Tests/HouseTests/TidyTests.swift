import Foundation
import Testing

/// House rules that are easily broken in a hurry; each says what to write instead.
struct TidyTests {
    private struct Rule {
        var pattern: Regex<Substring>
        var only: [String]
        var instead: String

        init(_ pattern: Regex<Substring>, _ only: [String], _ instead: String) {
            self.pattern = pattern
            self.only = only
            self.instead = instead
        }
    }

    private static var banned: [Rule] {
        [
            Rule(/\bTODO\b|\bFIXME\b|\bXXX\b/, ["Sources", "Tests"], "finish it, or open an issue"),
            Rule(/\bprint\(/, libraryRooms, "return text; only the command line prints"),
            Rule(/\bexit\((?!of)/, libraryRooms, "throw; only the command line exits"),
            Rule(
                /\bDate\(\)|Date\.now\b|DispatchTime\.now\(\)/, engineRooms,
                "ask the RunClock that was handed in"),
            Rule(/\.random\(|SystemRandomNumberGenerator/, engineRooms, "draw from the seed: Plan's Draw"),
            Rule(/try!|fatalError\(/, ["Sources"], "throw a typed error, or state a precondition"),
            Rule(
                /\bProcess\(\)/, ["Sources", "Tests"],
                "start a Child; Foundation's reads past its buffer when many files are open"),
            Rule(/catch \{ *\}/, ["Sources"], "say why no evidence is lost, or keep the error"),
        ]
    }
    private static let libraryRooms = House.rooms.filter { $0 != "loadchaos" }.map { "Sources/\($0)" }
    private static let engineRooms = [
        "Plan", "History", "Load", "Chaos", "Watch", "Conductor", "Verdict", "Report", "Scenario",
    ].map { "Sources/\($0)" }

    @Test(arguments: banned.indices)
    func `nothing banned is used`(index: Int) {
        let rule = Self.banned[index]
        for file in rule.only.flatMap({ House.swiftFiles(under: $0) })
        where !file.hasSuffix("TidyTests.swift") {
            for (number, line) in House.lines(of: file).enumerated() {
                let code = line.trimmingCharacters(in: .whitespaces)
                guard !code.hasPrefix("//"), let hit = code.firstMatch(of: rule.pattern) else { continue }
                Issue.record("\(file):\(number + 1): \(hit.output): \(rule.instead)")
            }
        }
    }

    @Test func `each try? says why no evidence is lost`() {
        for file in House.swiftFiles(under: "Sources") {
            let lines = House.lines(of: file)
            for (number, line) in lines.enumerated() where line.contains("try?") {
                let nearby = lines[max(0, number - 3)...number].joined(separator: "\n")
                #expect(nearby.contains("//"), "\(file):\(number + 1): try? without a reason beside it")
            }
        }
    }

    @Test func `no file outgrows one idea`() {
        for (folder, bound) in [("Sources", 400), ("Tests", 500)] {
            for file in House.swiftFiles(under: folder) {
                let count = House.lines(of: file).count
                #expect(count <= bound, "\(file) has \(count) lines, at most \(bound): split it by idea")
            }
        }
    }

    @Test func `lines fit`() {
        for file in House.swiftFiles(under: "Sources") {
            for (number, line) in House.lines(of: file).enumerated() where line.count > 120 {
                Issue.record("\(file):\(number + 1): \(line.count) columns, at most 120")
            }
        }
    }

    @Test func `make help lists every target`() {
        for line in House.lines(of: "Makefile") where line.hasPrefix(".PHONY:") {
            let target = line.dropFirst(".PHONY:".count).trimmingCharacters(in: .whitespaces)
            #expect(House.lines(of: "Makefile").contains { $0.hasPrefix("\(target):") && $0.contains("## ") })
        }
    }
}
