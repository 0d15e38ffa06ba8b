import History
import Testing

struct ProbeOutputTests {
    @Test(arguments: [
        ("42", 42.0, "42"),
        ("took 41.5ms", 41.5, "took 41.5ms"),
        ("\"GET\",\"234192.03\",\"0.2\"", 234_192.03, "\"GET\",\"234192.03\",\"0.2\""),  // redis-benchmark --csv
        ("\"p50_latency_ms\"\n\"GET\",\"7\"", 7, "\"GET\",\"7\""),  // the 50 is part of a word
        (
            "GET: rps=84604.0 (overall: 84604.0)\rGET: 9 per second", 84_604,
            "GET: rps=84604.0 (overall: 84604.0)"
        ),
        ("10.0.12.5:6379 answers in 3 ms", 3, "10.0.12.5:6379 answers in 3 ms"),  // an address is no number
        ("at 2026-11-25 10:30:00 there were 8", 8, "at 2026-11-25 10:30:00 there were 8"),
        ("-1.5e-03 V", -0.0015, "-1.5e-03 V"),
        ("98%", 98, "98%"),
        ("v15.4 of deadbeef01: 6", 6, "v15.4 of deadbeef01: 6"),
    ])
    func `the first number that stands by itself is found`(text: String, value: Double, line: String) {
        let found = ProbeOutput(text).number
        #expect(found?.value == value)
        #expect(found?.line == line)
    }

    @Test(arguments: ["", "PONG", "p50", "10.0.0.1", "...", "- -", "nan inf"])
    func `no number is none`(text: String) { #expect(ProbeOutput(text).number == nil) }

    @Test func `the last lines are kept, without blank ones, and long ones are cut`() {
        var output = ProbeOutput()
        for line in 1...30 { output.add(Array("line \(line)  \n\n".utf8)) }
        output.add(Array(String(repeating: "x", count: 300).utf8))
        let lines = output.lastLines.split(separator: "\n")
        #expect(lines.count == ProbeOutput.linesMax)
        #expect(lines.first == "line 12")
        #expect(lines.last?.count == 201)
    }

    @Test func `output without end takes no more memory, and its beginning is still searched`() {
        var output = ProbeOutput("first 7\n")
        for _ in 0..<1_000 { output.add([UInt8](repeating: 0x79, count: 10_000)) }
        output.add(Array("\nthe end".utf8))
        #expect(output.number?.value == 7)
        #expect(output.lastLines.hasSuffix("\nthe end"))
        #expect(output.lastLines.utf8.count < ProbeOutput.tailMax)
    }
}
