import Foundation
import TestKit
import Testing

/// `compare` over recordings of a real server on loopback: a few short runs in real time.
/// Ten seconds are the least that have an interval.
struct CompareCommandTests {
    private static func scenario(rate: Int) -> String {
        """
        scenario "Calm"

        load
            hold \(rate)/s for 10s

        requests
            100%  GET  /

        expect
            error rate  < 50%
        """
    }

    @Test func `runs are compared, few are unknown, and unlike ones are refused`() throws {
        let command = try Command()
        // What a busy machine adds is small beside a tenth of a second: like runs stay alike.
        let target = try ScriptedTarget { _ in .delay(milliseconds: 100) }
        defer { target.stop() }
        let url = "http://127.0.0.1:\(target.port)"
        try command.write(Self.scenario(rate: 20), to: "calm.scn")
        try command.write(Self.scenario(rate: 10), to: "other.scn")
        try command.write(
            Self.scenario(rate: 10).replacing("Calm", with: "Never played before"), to: "new.scn")
        for file in ["calm.scn", "calm.scn", "calm.scn", "other.scn"] {
            let ending = try command.run("run", file, "--on", url)
            #expect(ending.status == 0, "\(ending)")
        }
        let listing = try command.run("runs").output
        let ids = listing.split(separator: "\n").dropFirst().map { String($0.prefix { $0 != " " }) }
        try #require(ids.count == 4)

        let two = try command.run("compare", ids[0], ids[1])
        #expect(two.status == 2)
        #expect(two.output.contains("2 runs cannot show how much like runs differ"))

        // One degree of freedom: hardly anything could be seen, and the interval says so.
        let three = try command.run("compare", "\(ids[0]),\(ids[1])", ids[2], "--json")
        #expect(three.status == 0, "\(three)")
        #expect(three.output.contains(#""answer" : "no-difference""#))
        #expect(three.output.contains(#""candidate" : ["# + "\n    \"\(ids[2])\""))

        let drawn = try command.run("compare", "\(ids[0]),\(ids[1])", ids[2], "--html", "both.html")
        #expect(drawn.status == 0, "\(drawn)")
        let page = try String(contentsOf: command.folder.appending(path: "both.html"), encoding: .utf8)
        #expect(page.hasPrefix("<!doctype html>") && page.contains("NO DIFFERENCE"))

        // A tag is a name for runs.
        let tagged = try command.run("runs", "tag", "before", "\(ids[0]),\(ids[1])", ids[2])
        #expect(tagged.status == 0 && tagged.output.hasPrefix("before  \(ids[0])\n"), "\(tagged)")
        for (name, words) in [
            ("last", "cannot be a tag"), ("a b", "cannot be a tag"), (ids[0], "the id of a run"),
        ] {
            let refused = try command.run("runs", "tag", name, "last")
            #expect(refused.status == 64 && refused.errors.contains(words), "\(refused)")
        }
        let gate = try command.run(
            "gate", "calm.scn", "other.scn", "--only", "calm", "--on", url, "--baseline", "before")
        #expect(gate.status == 0, "\(gate)")
        #expect(
            gate.output.contains("Beside the baseline\n  no difference  calm  p50 latency"), "\(gate.output)")
        let lastKept = try command.run("gate", "new.scn", "--on", url, "--baseline", "last-kept")
        #expect(lastKept.status == 0, "\(lastKept)")
        #expect(lastKept.output.contains("never compared  new"), "\(lastKept.output)")
        let nobody = try command.run("gate", "calm.scn", "--on", url, "--baseline", "after")
        #expect(nobody.status == 64 && nobody.errors.contains("no run after"), "\(nobody)")
        #expect(try command.run("runs", "untag", "before").output == "before taken from 3 runs\n")
        #expect(try command.run("runs", "untag", "before").status == 64)

        let unlike = try command.run("compare", ids[0], ids[3])
        #expect(unlike.status == 64)
        #expect(unlike.errors.contains("load: other phases, rates or requests"))
        let twice = try command.run("compare", ids[3], ids[3])
        #expect(twice.status == 64)
        #expect(twice.errors.contains("\(ids[3]) is named twice"))
        let missing = try command.run("compare", "2019*", "last")
        #expect(missing.status == 64 && missing.errors.contains("no run begins with 2019"))
        try command.remove()
    }
}
