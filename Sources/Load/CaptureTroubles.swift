import Plan

/// How often the captures of a plan came to no value, and what is said of it.
struct CaptureTroubles {
    private static let kinds: [TakenValue] = [
        .absent, .tooLong, .cutOff, .unfit, .tooHard, .unknownCoding, .damaged,
    ]

    /// By step: where its captures begin among all.
    private let firsts: [Int]
    private let counts: TroubleCounts

    init(_ plan: Plan) {
        var firsts: [Int] = []
        var captures = 0
        for request in plan.requests {
            firsts.append(captures)
            captures += request.captures.count
        }
        self.firsts = firsts
        counts = TroubleCounts(places: captures, kinds: Self.kinds.count)
    }

    func free() { counts.free() }

    func count(_ found: TakenValue, step: Int, _ place: Int) {
        guard let kind = Self.kinds.firstIndex(of: found) else { return }
        counts.add(kind, at: firsts[step] + place)
    }

    /// A line for each capture and kind of trouble, with those of all workers together.
    static func warnings(_ all: [CaptureTroubles], _ plan: Plan) -> [String] {
        var lines: [String] = []
        var number = 0
        for request in plan.requests {
            for capture in request.captures {
                for (kind, trouble) in kinds.enumerated() {
                    let count = all.reduce(0) { $0 + $1.counts.of(kind, at: number) }
                    if count > 0 { lines.append(words(count, trouble, capture, of: request, plan)) }
                }
                number += 1
            }
        }
        return lines
    }

    private static func words(
        _ count: Int, _ trouble: TakenValue, _ capture: Capture, of request: Request, _ plan: Plan
    ) -> String {
        let name = plan.streams[0].journey.map { $0.values[capture.value] } ?? ""
        let fault =
            switch trouble {
            case .tooLong: "had one over \(Visit.valueLimit) bytes; take a shorter one"
            case .cutOff:
                "had none in the first \(Visits.bodyRoom) bytes of a longer body; take it from an earlier place"
            case .unfit: "had one with a line end or another control character, which no header may hold"
            case .tooHard:
                "took over \(PatternFinder.stepLimit) steps; say more exactly what stands around it"
            case .unknownCoding:
                "came compressed by something other than gzip or deflate; ask for gzip: "
                    + "header \"Accept-Encoding: gzip\""
            case .damaged: "came with a body that is not what its Content-Encoding says"
            case .absent, .bytes: "had none; see what curl -i shows of one"
            }
        return
            "take \(name) from \(capture.source): \(count) answer\(count == 1 ? "" : "s") of \(request.route) "
            + "with an expected status \(fault). They count as failed, missing-value, and the user begins anew"
    }
}
