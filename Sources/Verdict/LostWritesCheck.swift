import History
import Plan

/// Acknowledged writes that are gone: Jepsen's set checker over HTTP.
enum LostWritesCheck {
    /// Writes acknowledged this shortly before the damage are those a bad fail-over would lose. Real time.
    static let atRiskWindow = Nanoseconds.seconds(2)

    static func judge(_ expectation: Expectation, _ bound: Bound<Int>, _ evidence: Evidence) -> Finding {
        func unknown(_ reason: String, measured: String = "–") -> Finding {
            Finding(expectation: expectation, answer: .unknown, measured: measured, reason: reason)
        }
        let ledger = evidence.recording.ledger
        let acknowledged = ledger.filter { $0.answer == .acknowledged }
        guard !ledger.isEmpty else { return unknown("no request is tracked") }
        guard !acknowledged.isEmpty else { return unknown("no tracked write was acknowledged") }
        let unread = acknowledged.count { $0.readBack == .notRead }
        let lost = acknowledged.count { $0.readBack == .absent }
        let spoilt = acknowledged.count { $0.readBack == .corrupt || $0.readBack == .duplicate }
        let phantoms = ledger.count { $0.answer == .failed && $0.readBack == .present }
        let risk = atRisk(acknowledged, evidence)
        var measured = "\(grouped(lost)) lost of \(grouped(acknowledged.count)) acknowledged"
        if spoilt > 0 { measured += ", \(grouped(spoilt)) corrupt or duplicate" }
        if phantoms > 0 { measured += ", \(grouped(phantoms)) phantom" }
        if let risk { measured += "; \(grouped(risk)) at risk" }
        // A loss that was seen is a loss, however much else was not read.
        if !bound.holds(for: lost + spoilt) {
            return Finding(expectation: expectation, answer: .broken, measured: measured, reason: holes(acknowledged))
        }
        if unread > 0 { return unknown("\(grouped(unread)) could not be read back", measured: measured) }
        for fault in evidence.recording.faults {
            if case .failure(let missing) = evidence.aftermath(of: fault.name) {
                return unknown(missing.reason, measured: measured)
            }
        }
        if risk == 0 { return unknown("no write was at risk when the fault struck", measured: measured) }
        return Finding(expectation: expectation, answer: .kept, measured: measured)
    }

    /// Acknowledged within two seconds before the first bad second (or the injection, if none was bad); nil: no fault.
    private static func atRisk(_ acknowledged: [LedgerEntry], _ evidence: Evidence) -> Int? {
        guard !evidence.plan.faults.isEmpty else { return nil }
        let moments = evidence.aftermaths.compactMap { aftermath -> Nanoseconds? in
            guard let injected = aftermath.fault.injected else { return nil }
            switch aftermath.recovery {
            case .neverBad: return injected
            case .recovered(let firstBad, _), .notSeen(let firstBad):
                return max(injected, .seconds(Double(firstBad)))
            }
        }
        return acknowledged.count { entry in
            guard let at = entry.answeredAt else { return false }
            return moments.contains { $0 - atRiskWindow <= at && at <= $0 }
        }
    }

    /// Losses before a surviving write are holes: worse than a lost tail, since order was broken as well.
    private static func holes(_ acknowledged: [LedgerEntry]) -> String {
        let inOrder = acknowledged.sorted { ($0.answeredAt ?? .zero) < ($1.answeredAt ?? .zero) }
        guard let lastPresent = inOrder.lastIndex(where: { $0.readBack == .present }) else { return "none survived" }
        let holes = inOrder[..<lastPresent].count { $0.readBack == .absent }
        return holes == 0 ? "" : "\(grouped(holes)) are holes: later writes survived"
    }
}
