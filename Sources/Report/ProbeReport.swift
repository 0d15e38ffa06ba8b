import History
import Plan
import Verdict

/// Each probe: when it ran, for how long and where, and what came of it.
enum ProbeReport {
    static func blocks(_ recording: Recording) -> [Block] {
        guard !recording.probes.isEmpty else { return [] }
        let clocks = Clocks(plan: recording.run.plan)
        var table = Table([.left, .right, .right, .right, .left])
        table.header(["", "scenario", "real", "took", "answer"])
        for probe in recording.probes {
            let took = probe.ended.map { Wording.duration($0 - probe.started) } ?? "-"
            let colour: Style.Colour? = probe.problem == nil ? nil : .yellow
            table.row([
                Table.Cell(probe.name), Table.Cell(clocks.scenario(probe.started)),
                Table.Cell(clocks.real(probe.started)), Table.Cell(took), Table.Cell(answer(probe), colour),
            ])
            // The place and the last lines are what a person needs to run it again by hand.
            if !probe.place.isEmpty { table.row(["", "", "", "", "on \(probe.place)"]) }
            for line in probe.output.split(separator: "\n").suffix(3) where String(line) != probe.numberLine {
                table.row(Array(repeating: Table.Cell(""), count: 4) + [Table.Cell(String(line), .dim)])
            }
        }
        return [.table(table)]
    }

    private static func answer(_ probe: ProbeRecord) -> String {
        if let problem = probe.problem { return "none: \(problem)" }
        guard let code = probe.exitCode else { return "none yet" }
        guard let number = probe.number else { return "exit code \(code)" }
        return "\(Wording.number(number)), exit code \(code): \(probe.numberLine ?? "")"
    }
}

extension RunJSON {
    struct ProbeAnswer: Encodable {
        var name: String
        var place: String
        var startedS: Double
        @Nullable var endedS: Double?
        var exitCode: Int?
        @Nullable var number: Double?
        var numberLine: String?
        var output: String
        var problem: String?

        init(_ probe: ProbeRecord) {
            (name, place, output, problem) = (probe.name, probe.place, probe.output, probe.problem)
            startedS = probe.started.inSeconds
            endedS = probe.ended?.inSeconds
            (exitCode, number, numberLine) = (probe.exitCode, probe.number, probe.numberLine)
        }
    }
}
