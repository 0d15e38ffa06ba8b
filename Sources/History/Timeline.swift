/// A run second by second, in figures, and what happened beside it: what is drawn, and watched while it goes on.
package struct Timeline: Sendable {
    package var run: RunRecord
    /// By second; those of which something was recorded.
    package var seconds: [TimelineSecond]
    package var generator: [GeneratorFigures]
    /// By time.
    package var events: [Event]
    /// By index in the Plan.
    package var faults: [FaultRecord]
    /// By time.
    package var platform: [PlatformSample]
}

extension Timeline {
    package init(_ recording: Recording) {
        self.init(
            run: recording.run,
            seconds: Dictionary(grouping: recording.seconds, by: \.second)
                .map { TimelineSecond(second: $0.key, $0.value) }.sorted { $0.second < $1.second },
            generator: recording.generator.map { GeneratorFigures($0) }, events: recording.events,
            faults: recording.faults, platform: recording.platform)
    }
}
