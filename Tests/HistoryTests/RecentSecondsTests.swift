import History
import Plan
import TestKit
import Testing

/// What a process keeps of the seconds of its load.
@Suite struct RecentSecondsTests {
    private static let span = 20
    private static let recording = RecordingBuilder(seconds: 300).failing(40..<60, each: 3)
        .slow(100..<120, .milliseconds(90)).hops([(System.Hop(name: "a", whole: "a"), .milliseconds(1))])
        .recording

    /// As it is after so many seconds.
    private static func kept(_ recording: Recording, windows: (Int) -> [Window] = { _ in [] })
        -> RecentSeconds
    {
        var kept = RecentSeconds(span: span)
        for (row, generator) in zip(recording.seconds, recording.generator) {
            kept.put([.load(row), .generator(generator)])
            let known = Dictionary(uniqueKeysWithValues: kept.overdue.map { ($0, windows($0)) })
            kept.addUp(known)
        }
        return kept
    }

    @Test func `figures are those of the whole recording, and what is added up is all there was`() {
        let kept = Self.kept(Self.recording)
        let timeline = Timeline(Self.recording)
        #expect(kept.figures == timeline.seconds && kept.generatorFigures == timeline.generator)
        let (all, totals) = (Totals(Self.recording.seconds), kept.totals)
        #expect(totals.planned == all.planned && totals.ok == all.ok && totals.bad == 60)
        #expect(totals.latency == all.latency && totals.serviceTime == all.serviceTime)
        #expect(totals.failures == all.failures && all.failures.map(\.count) == [60])
        #expect(
            kept.lateness
                == Self.recording.generator.reduce(into: LatencyHistogram()) { $0.merge($1.lateness) })
    }

    @Test func `the youngest seconds are whole, and may be written again`() {
        var kept = Self.kept(Self.recording)
        #expect(kept.rows.map(\.second) == Array(279..<300))
        var row = Self.recording.seconds[290]
        (row.ok, row.unfinished) = (row.ok - 2, 2)
        kept.put([.load(row)])
        #expect(kept.rows(of: 290) == [row] && kept.figures[290].unfinished == 2 && kept.figures.count == 300)
    }

    @Test func `a row that comes when its second is added up changes nothing`() {
        var kept = Self.kept(Self.recording)
        kept.put([.load(Self.recording.seconds[10]), .generator(Self.recording.generator[10])])
        kept.addUp()
        #expect(kept.totals.planned == 300 * 50 && kept.rows.map(\.second) == Array(279..<300))
    }

    @Test func `durations are added up for each window that a second lies in`() throws {
        let kept = Self.kept(Self.recording) { $0 < 50 ? [.measured] : [.measured, .calm] }
        let calm = try #require(kept.olderWindows[.calm])
        let rows = Self.recording.seconds[50..<279]
        #expect(calm.latency == Totals(rows).latency && calm.hops == [rows.hop(0)])
        #expect(calm.lateness.total == 229 * 50 && kept.olderWindows[.measured]?.lateness.total == 279 * 50)
    }

    @Test func `rows of several routes make one second's figures, in whatever order they come`() {
        var kept = RecentSeconds(span: 5)
        for (second, route) in [(1, 1), (0, 0), (1, 0), (0, 1), (1, 1)] {
            var row = Self.recording.seconds[0]
            (row.second, row.route) = (second, route)
            kept.put([.load(row)])
        }
        #expect(kept.rows.map { [$0.second, $0.route] } == [[0, 0], [0, 1], [1, 0], [1, 1]])
        #expect(kept.figures.map(\.second) == [0, 1] && kept.figures.map(\.planned) == [100, 100])
    }
}
