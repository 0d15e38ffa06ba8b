package import History
package import Plan

/// The ledger added up: Jepsen's set checker over HTTP.
package struct LedgerTally: Hashable, Sendable {
    package var acknowledged = 0
    package var indeterminate = 0
    package var refused = 0
    package var dropped = 0
    /// Acknowledged and definitely gone.
    package var lost = 0
    /// Acknowledged, and there with other content: what was promised is gone too.
    package var corrupt = 0
    /// There more than once.
    package var duplicate = 0
    /// There although it was refused or never sent.
    package var phantom = 0
    /// Indeterminate, and there.
    package var recovered = 0
    /// Acknowledged and not read back.
    package var unread = 0
    /// Lost, although a write acknowledged later survived: not the cut-off end of a log, but a gap.
    package var holes = 0
    /// Acknowledged within 2 s before the first bad second of a fault: those a fail-over can lose.
    package var atRisk = 0

    /// `cuts`: for each fault the moment its harm began.
    package init(_ ledger: [LedgerEntry], cuts: [Nanoseconds]) {
        let lastSurvivor = ledger.filter { $0.answer == .acknowledged && $0.readBack == .present }
            .compactMap(\.answeredAt).max()
        for entry in ledger {
            count(entry)
            guard entry.answer == .acknowledged, let answered = entry.answeredAt else { continue }
            if entry.readBack == .absent, let lastSurvivor, answered < lastSurvivor { holes += 1 }
            if cuts.contains(where: { $0 - Self.riskWindow <= answered && answered < $0 }) { atRisk += 1 }
        }
    }

    /// Real time: what a database holds back is not sped up with the scenario.
    package static let riskWindow = Nanoseconds.seconds(2)

    private mutating func count(_ entry: LedgerEntry) {
        if entry.readBack == .duplicate { duplicate += 1 }
        let isThere = entry.readBack == .present || entry.readBack == .corrupt || entry.readBack == .duplicate
        switch entry.answer {
        case .acknowledged:
            acknowledged += 1
            if entry.readBack == .absent { lost += 1 }
            if entry.readBack == .corrupt { corrupt += 1 }
            if entry.readBack == .notRead { unread += 1 }
        case .failed:
            refused += 1
            if isThere { phantom += 1 }
        case .dropped:
            dropped += 1
            if isThere { phantom += 1 }
        case .indeterminate, .intended:
            indeterminate += 1
            if isThere { recovered += 1 }
        }
    }
}

extension Evidence {
    /// When each fault's harm began: its first bad second, or the injection if no second was bad.
    var cuts: [Nanoseconds] {
        aftermaths.map { recovery in
            if let first = recovery.firstBad { return .seconds(Double(first)) }
            let fault = recording.faults.first { $0.index == recovery.fault }
            return fault?.injected ?? .seconds(Double(recovery.from))
        }
    }

    /// `lost writes = 0`. Loss and corruption count against the bound; a phantom or a duplicate breaks it in any case.
    func judgeLostWrites(_ bound: Bound<Int>) -> Measurement {
        let tally = LedgerTally(recording.ledger, cuts: cuts)
        guard tally.acknowledged > 0 else {
            return .unknown(
                recording.ledger.isEmpty ? "no write was tracked" : "no tracked write was acknowledged")
        }
        let gone = tally.lost + tally.corrupt
        var answer = Estimate(low: gone, high: gone + tally.unread).answer(bound)
        var reasons: [String] = []
        if tally.lost > 0 { reasons.append("\(Wording.count(tally.lost)) lost") }
        if tally.corrupt > 0 { reasons.append("\(Wording.count(tally.corrupt)) corrupt") }
        if tally.holes > 0 {
            reasons.append("\(Wording.plural(tally.holes, "hole")): lost although a later write survived")
        }
        if tally.phantom > 0 {
            reasons.append("\(Wording.count(tally.phantom)) there although refused or never sent")
        }
        if tally.duplicate > 0 { reasons.append("\(Wording.count(tally.duplicate)) there more than once") }
        if tally.phantom + tally.duplicate > 0 { answer = .broken }
        if tally.unread > 0 { reasons.append("\(Wording.count(tally.unread)) could not be read back") }
        if answer == .kept && !plan.faults.isEmpty && tally.atRisk == 0 {
            answer = .unknown
            reasons.append("no write was at risk: none was acknowledged within 2s before the harm began")
        }
        return Measurement(
            answer: answer,
            measured:
                "\(Wording.count(gone)) of \(Wording.count(tally.acknowledged)) acknowledged writes lost, "
                + "\(Wording.count(tally.atRisk)) at risk",
            figure: Figure(
                value: Double(gone), low: Double(gone), high: Double(gone + tally.unread), unit: "writes",
                count: UInt64(tally.acknowledged)),
            reason: answer == .kept ? "" : reasons.joined(separator: ", "))
    }
}
