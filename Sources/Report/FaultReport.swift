import History
import Plan
import Verdict

/// Each fault's four times and proofs, and what the requests felt of it.
enum FaultReport {
    static func blocks(_ recording: Recording, _ verdict: Verdict) -> [Block] {
        let clocks = Clocks(plan: recording.run.plan)
        return recording.faults.flatMap { fault -> [Block] in
            let colour: Style.Colour? =
                fault.state == .notHealed ? .red : fault.state == .skipped ? .yellow : nil
            let word = fault.state == .notHealed ? "not healed" : fault.state.rawValue
            var table = Table([.left, .right, .right, .left])
            func add(_ name: String, _ time: Nanoseconds?, _ text: String) {
                guard let time else { return table.row(["  \(name)", "-", "-", "not observed"]) }
                table.row(["  \(name)", clocks.scenario(time), clocks.real(time), text])
            }
            if fault.injected != nil || fault.state != .skipped {
                add("injected", fault.injected, fault.targets.joined(separator: " "))
                add("effect", fault.effect, fault.effectProof ?? "")
                add("reverted", fault.reverted, "")
                add("healed", fault.healed, fault.healedProof ?? "")
            }
            if let problem = fault.problem { table.row(["  problem", "", "", problem]) }
            for text in felt(verdict.aftermaths.first { $0.fault == fault.index }, clocks) {
                table.row(["  felt", "", "", text])
            }
            return [.line("\(fault.name): \(word)", colour ?? .bold), .table(table)]
        }
    }

    private static func felt(_ aftermath: Aftermath?, _ clocks: Clocks) -> [String] {
        guard let aftermath else { return [] }
        func moment(_ second: Int) -> String { clocks.scenario(.seconds(Double(second))) }
        let bad = Wording.plural(aftermath.badSeconds, "bad second")
        var lines: [String] = []
        switch aftermath.outcome {
        case .unharmed: lines.append("no bad second")
        case .cutShort: lines.append("no bad second, but little was seen")
        case .notRecovered:
            lines.append("\(bad), the first at \(aftermath.firstBad.map(moment) ?? "-"); not recovered")
        case .recovered(let at):
            lines.append(
                "\(bad), the first at \(aftermath.firstBad.map(moment) ?? "-"); recovered at \(moment(at)) after "
                    + "\(Wording.seconds(aftermath.time ?? .zero)), resolution \(Wording.seconds(aftermath.resolution))"
            )
        }
        for dip in aftermath.dips {
            let kind = dip.isFailBack ? "fail-back" : "second dip"
            lines.append("\(kind): \(moment(dip.from)) to \(moment(dip.to))")
        }
        return lines
    }
}
