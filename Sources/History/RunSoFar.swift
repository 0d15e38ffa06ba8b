package import Plan

/// A run that goes on, in room that its requests do not fill: what a stop rule, a screen and a page look at. The
/// recording, on the disk, has the rest.
package struct RunSoFar: Sendable {
    package private(set) var run: RunRecord
    package private(set) var seconds: RecentSeconds
    package private(set) var events: [Event] = []
    /// By index in the Plan.
    package private(set) var faults: [FaultRecord] = []
    package private(set) var platform: [PlatformSample] = []
    /// By index in the Plan.
    package private(set) var probes: [ProbeRecord] = []

    package init(run: RunRecord) {
        self.run = run
        seconds = RecentSeconds(span: RecentSeconds.span(run.plan))
    }

    package mutating func add(_ entries: [Entry]) {
        seconds.put(entries)
        for entry in entries {
            switch entry {
            case .event(let event): events.append(event)
            case .fault(let fault):
                faults.removeAll { $0.index == fault.index }
                faults.append(fault)
                faults.sort { $0.index < $1.index }
            case .probe(let probe):
                probes.removeAll { $0.index == probe.index }
                probes.append(probe)
                probes.sort { $0.index < $1.index }
            case .platform(let sample): platform.append(sample)
            case .run(let run): self.run = run
            // The ledger can be large and is read from the disk when the run is over.
            case .load, .generator, .ledger: break
            }
        }
    }

    /// See `RecentSeconds.addUp`.
    package mutating func addUp(_ windows: [Int: [Window]]) { seconds.addUp(windows) }

    package var timeline: Timeline {
        Timeline(
            run: run, seconds: seconds.figures, generator: seconds.generatorFigures, events: events,
            faults: faults, platform: platform)
    }

    /// What is still whole of it.
    package var recent: Recording {
        Recording(
            run: run, seconds: seconds.rows, generator: seconds.generator, events: events, faults: faults,
            platform: platform, probes: probes)
    }
}

extension RunSoFar {
    /// All of a recording, whole.
    package init(_ recording: Recording) {
        self.init(run: recording.run)
        let (load, generator) = (recording.seconds.map(Entry.load), recording.generator.map(Entry.generator))
        add(
            load + generator + recording.events.map(Entry.event) + recording.faults.map(Entry.fault)
                + recording.platform.map(Entry.platform) + recording.probes.map(Entry.probe))
    }
}
