import Conductor
import History
import Plan
import TestKit
import Testing

/// A run's memory does not grow with its requests, and hardly with its seconds.
@Suite struct LiveRecordingTests {
    /// Nothing is kept behind it.
    private struct Nowhere: HistoryWriter {
        func record(_ entries: [Entry]) {}
        func commit(_ entries: [Entry]) {}
    }

    /// Some 600 buckets are filled: as 10,000 requests fill them.
    private static let second: (LoadSecond, GeneratorSecond) = {
        var row = LoadSecond(second: 0, route: 0)
        (row.planned, row.sent, row.ok) = (600, 600, 600)
        for number in 0..<600 { row.okLatency.record(.microseconds(Int64(20 + number * 5))) }
        row.okServiceTime = row.okLatency
        row.changeHistograms { $0.compact() }
        var generator = GeneratorSecond(second: 0)
        generator.lateness = row.okLatency
        return (row, generator)
    }()

    private static func played(_ seconds: Int) -> RunSoFar {
        let live = LiveRecording(run: RecordingBuilder(seconds: 10).recording.run, next: Nowhere())
        for second in 0..<seconds {
            var (row, generator) = Self.second
            (row.second, generator.second) = (second, second)
            live.record([.load(row), .generator(generator)])
        }
        return live.soFar
    }

    @Test func `ten thousand seconds leave as many histograms as two hundred, and 250 bytes each`() {
        let (short, long) = (Self.played(200), Self.played(10_000))
        for run in [short, long] {
            // The span, and what is added up at once.
            let span = RecentSeconds.span(run.run.plan)
            #expect(span == 75 && run.seconds.rows.count <= span + 10)
            #expect(run.seconds.generator.count <= span + 10)
            #expect(run.seconds.olderRoutes.count == 1)
        }
        #expect(long.seconds.figures.count == 10_000 && long.seconds.totals.ok == 6_000_000)
        #expect(MemoryLayout<TimelineSecond>.stride + MemoryLayout<GeneratorFigures>.stride <= 250)
    }
}
