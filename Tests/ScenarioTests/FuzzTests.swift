import Foundation
import Plan
import Scenario
import Testing

/// Whatever is written into a file, it is read to its end: no crash, and a Plan exactly if there is no error.
@Suite struct FuzzTests {
    /// Mutations per shipped file.
    private static let rounds = 2_000

    @Test(arguments: Shipped.all) func `no mutation of a shipped file is too much`(_ file: Shipped) throws {
        let original = Array(try file.text.unicodeScalars)
        var mutator = Mutator(seed: Draw.hash(file.testDescription))
        var broken = 0
        for round in 0..<Self.rounds {
            let text = mutator.mutate(original)
            if check(text, isSystem: file.url.pathExtension == "system", round) { broken += 1 }
        }
        // The canary: a mutator that breaks nothing tests nothing.
        #expect(broken > Self.rounds / 2)
    }

    @Test func `no text without any sense is too much`() {
        var mutator = Mutator(seed: 7)
        for round in 0..<1_000 {
            let text = mutator.noise()
            _ = check(text, isSystem: round % 2 == 0, round)
        }
    }

    @Test func `deep and long lines are read`() {
        for text in [
            "requests\n  100% POST / json " + String(repeating: "[", count: 100_000),
            "requests\n  100% POST / json " + String(repeating: "{\"a\":", count: 50_000) + "1"
                + String(repeating: "}", count: 50_000),
            "load\n" + String(repeating: "  hold 1/s for 1s\n", count: 20_000),
            "load\n  hold " + String(repeating: "9", count: 100_000) + "/s for 1s",
            String(repeating: " ", count: 100_000) + "x", String(repeating: "load\n", count: 20_000),
            "requests\n  100% GET /" + String(repeating: "{one of a, b}", count: 10_000),
            "requests\n  100% GET /" + String(repeating: "{", count: 100_000),
            "expect\n" + String(repeating: "  p95 latency < 1 ", count: 20_000),
            "requests\n  100% GET / " + String(repeating: "expect ", count: 20_000),
            "chaos\n" + String(repeating: "  at 1s kill 1 task of nginx\n", count: 5_000),
            "expect\n  p95 latency < 1ms after " + String(repeating: "x ", count: 50_000),
        ] { _ = check(text, isSystem: false, 0) }
    }

    /// Reads and formats the text; whether it has an error.
    private func check(_ text: String, isSystem: Bool, _ round: Int) -> Bool {
        let findings: [Finding]
        let hasValue: Bool
        if isSystem {
            let reading = Scenario.parseSystem(text: text, file: "f.system")
            (findings, hasValue) = (reading.findings, reading.value != nil)
        } else {
            let reading = Scenario.parse(text: text, file: "f.scn") { _ in .success(Array(Sample.system.utf8))
            }
            (findings, hasValue) = (reading.findings, reading.value != nil)
        }
        let isBroken = findings.contains { $0.severity == .error }
        #expect(isBroken != hasValue, "round \(round): \(text)")
        let lines = text.unicodeScalars.count { $0 == "\n" } + 1
        for finding in findings.prefix(50) {
            #expect((finding.place?.line ?? 1) <= lines, "round \(round)")
            #expect(!finding.description.isEmpty)
        }
        let formatted = Scenario.format(text)
        let twice = Scenario.format(formatted)
        #expect(twice == formatted, "round \(round): \(formatted.debugDescription) \(twice.debugDescription)")
        return isBroken
    }
}

/// Breaks text in the ways in which hands, editors and merges do.
private struct Mutator {
    private var draw: Draw

    init(seed: UInt64) { draw = Draw(seed: seed, run: "fuzz", index: 0) }

    private static let pieces: [String] = [
        " ", "  ", "\t", "\n", "\r\n", "\"", "{", "}", "[", "]", "#", ",", "<", ">=", "=", "%", "/", "\\",
        "\u{0}",
        "\u{FEFF}", "\u{202E}", "é", "👩‍👩‍👧", "-", "0", "-1", "99999999999999999999", "0.0000001", "1e308", "NaN",
        "inf",
        "{uuid}", "{int 1..0}", "{int -9223372036854775808..9223372036854775807}", "{one of ,}", "{seq",
        "json", "text",
        "expect", "tracked at", "between", "and", "after", "during", "when calm", "at 0s", "for",
        "kill 1 task of",
        "block zone", "keeps", "scenario", "load", "requests", "chaos", "system", "check", "known broken",
        "…", "“",
        "\u{7F}", "\u{85}", "\u{2028}", "168h", "5us", "p100", "p0", "p99.999999",
    ]

    private mutating func below(_ count: Int) -> Int { Int(draw.int(in: 0...Int64(max(0, count - 1)))) }

    mutating func mutate(_ original: [Unicode.Scalar]) -> String {
        var text = original
        for _ in 0...below(4) {
            let at = below(text.count + 1)
            let end = min(text.count, at + below(12))
            switch below(6) {
            case 0: text.removeSubrange(at..<end)
            case 1: text.insert(contentsOf: Self.pieces[below(Self.pieces.count)].unicodeScalars, at: at)
            case 2: text.replaceSubrange(at..<end, with: Self.pieces[below(Self.pieces.count)].unicodeScalars)
            case 3: text.insert(contentsOf: text[at..<end], at: below(text.count + 1))
            case 4 where at < text.count: text.swapAt(at, below(text.count))
            default: text.removeSubrange(at..<min(text.count, at + below(200)))
            }
        }
        return String(String.UnicodeScalarView(text))
    }

    mutating func noise() -> String {
        (0..<below(60)).map { _ in Self.pieces[below(Self.pieces.count)] + (below(3) == 0 ? " " : "") }
            .joined()
    }
}
