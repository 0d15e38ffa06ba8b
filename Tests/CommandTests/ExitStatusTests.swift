import Foundation
import Testing

/// Each exit code that needs no lab, from the built executable: what a pipeline relies on.
struct ExitStatusTests {
    private static let calm = """
        scenario "Calm"

        load
            hold 5/s for 10s

        requests
            100%  GET  /

        expect
            error rate  < 50%
        """
    private static let faulty = """
        scenario "Faulty"
        use "two.system"

        load
            hold 5/s for 10m

        requests
            100%  GET  /

        chaos
            at 1m  block zone a  for 1m

        expect
            recovery  < 120s  after block zone
        """

    private func inFolder(_ body: (Command) throws -> Void) throws {
        let command = try Command()
        do { try body(command) } catch {
            try command.remove()
            throw error
        }
        try command.remove()
    }

    @Test func `wrong usage is 64 and says what is right`() throws {
        try inFolder { command in
            let ending1 = try command.run("run")
            #expect(ending1.status == 64)
            let ending2 = try command.run("runn")
            #expect(ending2.status == 64)
            let speed = try command.run("run", "x.scn", "--speed", "0")
            #expect(speed.status == 64 && speed.errors.contains("--speed is 0.0, but must be from 1 to 100"))
            let verdict = try command.run("verdict", "last")
            #expect(verdict.status == 64 && verdict.errors.contains("results/loadchaos.sqlite"))
        }
    }

    @Test func `a bad scenario is 65, starts nothing and records nothing`() throws {
        try inFolder { command in
            try command.write(Self.calm.replacing("5/s", with: "5"), to: "bad.scn")
            for verb in ["check", "run"] {
                let ending = try command.run(verb, "bad.scn")
                #expect(ending.status == 65)
                #expect(ending.errors.contains("bad.scn:4:10: error:"))
            }
            let missing = try command.run("run", "missing.scn")
            #expect(missing.status == 65 && missing.errors.contains("missing.scn"))
            let ending3 = try command.run("verdict", "last")
            #expect(ending3.status == 64)
        }
    }

    @Test func `a target that is not there is 69 before anything is sent, and the recording says so`() throws
    {
        try inFolder { command in
            try command.write(Self.calm, to: "calm.scn")
            let ending = try command.run("run", "calm.scn", "--on", "http://127.0.0.1:9")
            #expect(ending.status == 69)
            #expect(ending.errors.contains("the target cannot be reached"))
            let ending4 = try command.run("runs")
            #expect(ending4.output.contains("calm"))
            let ending5 = try command.run("verdict", "last")
            #expect(ending5.status == 69)
        }
    }

    @Test func `a lab that lacks a part is 69, and the part is named`() throws {
        try inFolder { command in
            try command.write(Self.calm, to: "calm.scn")
            // A state directory of its own: no lab is up in it.
            let surroundings = ["LOADCHAOS_VENV": "/nonexistent", "XDG_RUNTIME_DIR": command.folder.path]
            for verb in ["run", "gate"] {
                let ending = try command.run([verb, "calm.scn"], environment: surroundings)
                #expect(ending.status == 69, "\(verb): \(ending)")
                #expect((ending.output + ending.errors).contains("looked for in /nonexistent/bin"))
            }
        }
    }

    @Test func `results that cannot be written are 69`() throws {
        try inFolder { command in
            try command.write(Self.calm, to: "calm.scn")
            try command.write("a file, not a folder", to: "taken")
            let ending = try command.run(
                "run", "calm.scn", "--on", "http://127.0.0.1:9", "--results", "taken")
            #expect(ending.status == 69 && ending.errors.contains("taken"))
        }
    }

    @Test func `a fault without a control plane is refused before anything starts`() throws {
        try inFolder { command in
            let system = try House.shippedSystem.replacing("ap-south-1a", with: "a").replacing(
                "ap-south-1b", with: "b")
            try command.write(system, to: "two.system")
            try command.write(Self.faulty, to: "faulty.scn")
            let ending = try command.run("run", "faulty.scn", "--on", "http://127.0.0.1:9")
            #expect(ending.status == 64)
            #expect(ending.errors.contains("a URL has no control plane to inject faults through"))
        }
    }

    @Test func `nothing to recover is 0`() throws {
        try inFolder { command in
            let ending = try command.run("recover")
            #expect(ending.status == 0 && ending.output.contains("nothing to recover"))
        }
    }

    @Test func `the version and the exit codes are told`() throws {
        try inFolder { command in
            let ending6 = try command.run("--version")
            #expect(ending6.output == "0.1.0\n")
            #expect(
                try command.run("--help").output.contains("130  interrupted; every fault was healed first"))
        }
    }
}
