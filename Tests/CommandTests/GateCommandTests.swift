import Foundation
import Spawn
import TestKit
import Testing

/// `loadchaos gate` as a pipeline runs it, on a target of the test's own.
struct GateCommandTests {
    private static func scenario(_ bound: String) -> String {
        """
        scenario "Calm"

        load
            hold 40/s for 10s

        requests
            100%  GET  /

        expect
            \(bound)
        """
    }

    private func inFolder(_ body: (Command) throws -> Void) throws {
        let command = try Command()
        defer { try? command.remove() }  // The system's own sweep has what is left.
        try command.write(Self.scenario("error rate  < 30%"), to: "good.scn")
        try command.write(Self.scenario("throughput  > 1000/s"), to: "bad.scn")
        try body(command)
    }

    private func read(_ name: String, in command: Command) throws -> String {
        try String(contentsOf: command.folder.appending(path: name), encoding: .utf8)
    }

    /// Real time, since the load is real.
    @Test func `a broken scenario keeps nothing from being played, and the worst decides`() throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        try inFolder { command in
            let ending = try command.run(
                "gate", ".", "--on", "http://127.0.0.1:\(target.port)", "--junit", "gate.xml", "--json",
                "gate.json",
                "--markdown", "gate.md")
            #expect(ending.status == 1, "\(ending.errors)")
            #expect(ending.output.contains("BROKEN: 2 runs"))
            #expect(ending.output.contains("broken  bad") && ending.output.contains("kept    good"))
            #expect(try read("gate.xml", in: command).contains(#"tests="2" failures="1""#))
            #expect(try read("gate.json", in: command).contains(#""exit_code" : 1"#))
            #expect(try read("gate.md", in: command).hasPrefix("## loadchaos: broken"))
            let runs = try command.run("runs")
            #expect(runs.output.contains("good") && runs.output.contains("bad"))

            let report = try command.run("report", "last", "--html", "good.html")
            #expect(report.status == 0 && report.output == "good.html\n")
            #expect(try read("good.html", in: command).hasPrefix("<!doctype html>"))
            #expect(try command.run("report", "last").output.hasSuffix("/report.html\n"))
            #expect(try command.run("report", "none").status == 64)
            #expect(try command.run("report", "last", "--html", "no/such/folder.html").status == 64)
        }
    }

    /// Real time: a signal is real, and so is the play that it must find under way.
    @Test func `an interruption of a later play ends it, and no other is played`() throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        try inFolder { command in
            try command.write(
                Self.scenario("error rate < 30%").replacing("for 10s", with: "for 3s"), to: "short.scn")
            let gate = try command.start([
                "gate", "short.scn", "--on", "http://127.0.0.1:\(target.port)", "--repeat", "3",
            ])
            func runs() throws -> Int {
                try command.errorsSoFar().split(separator: "\n").count { $0.hasPrefix("run ") }
            }
            let patience = Date() + 60
            while try runs() < 2, gate.ending() == nil, Date() < patience {
                Thread.sleep(forTimeInterval: 0.1)
            }
            gate.signal(SIGINT)
            let status = gate.wait()
            let said = try command.errorsSoFar()
            #expect(status == 130, "\(said)")
            #expect(said.contains("SIGINT: stopping the load and healing; please wait"))
            #expect(try runs() == 2, "\(said)")
        }
    }

    @Test func `what cannot be played is said, and is 69`() throws {
        try inFolder { command in
            let ending = try command.run("gate", "good.scn", "--on", "http://127.0.0.1:9", "--repeat", "2")
            #expect(ending.status == 69)
            #expect(ending.output.contains("good (2 of 2)") && ending.output.contains("not played"))
        }
    }

    @Test(arguments: [
        (["gate", "none"], 64, "none: no such file or folder"),
        (
            ["gate", ".", "--only", "other"], 64,
            "--only other: there is no such scenario; there are bad, good"
        ),
        (["gate", ".", "--tag", "quick"], 64, "--tag quick: no scenario has it; none has a tag"),
        (["gate", "good.scn", "--baseline", "v1"], 64, "no recordings at results/loadchaos.sqlite"),
        (["gate", "good.scn", "--junit", "no/such/folder.xml"], 64, "no/such/folder.xml cannot be written"),
        (["gate", "good.scn", "--repeat", "0"], 64, "--repeat is 0, but must be from 1 to 1000"),
        (["gate", "."], 65, "broken.scn:4:10: error:"),
    ])
    func `nothing is played when something is wrong with the gate`(
        words: [String], status: Int32, text: String
    ) throws {
        try inFolder { command in
            if status == 65 {
                try command.write(
                    Self.scenario("error rate < 1%").replacing("40/s", with: "40"), to: "broken.scn")
            }
            let ending = try command.run(words + ["--on", "http://127.0.0.1:9"])
            #expect(ending.status == status && ending.errors.contains(text), "\(ending)")
            #expect(try command.run("verdict", "last").status == 64, "nothing was recorded")
        }
    }
}
