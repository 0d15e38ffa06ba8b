import HTTP
import History
import Plan

/// How the hops of a system are made of the durations that an answer tells.
struct HopPlan {
    private struct Hop {
        /// Indices of metrics; -1: nothing is taken away.
        var whole: Int
        var part: Int
    }

    /// Each once.
    let metrics: [String]
    private let hops: [Hop]

    init(_ hops: [System.Hop]) {
        var metrics: [String] = []
        func place(_ name: String) -> Int {
            if let known = metrics.firstIndex(of: name) { return known }
            metrics.append(name)
            return metrics.count - 1
        }
        self.hops = hops.map { hop in Hop(whole: place(hop.whole), part: hop.part.map(place) ?? -1) }
        self.metrics = metrics
    }

    /// An answer counts for the hops whose durations it has. A part that is longer than the whole, by the clocks'
    /// resolution, makes a hop of no time.
    @inline(__always)
    func record(_ answer: UnsafeMutablePointer<ServerTimingReader>?, in row: Tally.Row) {
        guard let answer else { return }
        for place in 0..<hops.count {
            let hop = hops[place]
            let whole = answer.pointee[hop.whole]
            guard whole != ServerTimingReader.absent else { continue }
            var part: Int64 = 0
            if hop.part >= 0 {
                part = answer.pointee[hop.part]
                guard part != ServerTimingReader.absent else { continue }
            }
            row.pointee.hops[place].record(Nanoseconds(max(0, whole - part)))
        }
    }
}
