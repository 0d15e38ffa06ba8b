package import History
import Plan
import Synchronization

/// What has been recorded so far, kept beside the recorder: steady state, stop rules and the live view read it.
package final class LiveRecording: HistoryWriter {
    fileprivate struct State {
        var recording: Recording
        /// Where second and route stand in `recording.seconds`.
        var rows: [Row: Int] = [:]
    }

    fileprivate struct Row: Hashable {
        var second: Int
        var route: Int
    }

    private let next: any HistoryWriter
    private let state: Mutex<State>

    /// Everything written goes on to `next`.
    package init(run: RunRecord, next: any HistoryWriter) {
        self.next = next
        state = Mutex(State(recording: Recording(run: run)))
    }

    package var recording: Recording { state.withLock { $0.recording } }

    package func record(_ entries: [Entry]) {
        fold(entries)
        next.record(entries)
    }

    package func commit(_ entries: [Entry]) throws {
        fold(entries)
        try next.commit(entries)
    }

    private func fold(_ entries: [Entry]) {
        state.withLock { state in
            for entry in entries {
                switch entry {
                case .load(let row): state.put(row)
                case .generator(let row):
                    state.recording.generator.removeAll { $0.second == row.second }
                    state.recording.generator.append(row)
                case .event(let event): state.recording.events.append(event)
                case .fault(let fault):
                    state.recording.faults.removeAll { $0.index == fault.index }
                    state.recording.faults.append(fault)
                    state.recording.faults.sort { $0.index < $1.index }
                case .probe(let probe):
                    state.recording.probes.removeAll { $0.index == probe.index }
                    state.recording.probes.append(probe)
                    state.recording.probes.sort { $0.index < $1.index }
                case .platform(let sample): state.recording.platform.append(sample)
                case .run(let run): state.recording.run = run
                // The ledger can be large and is read from the disk when the run is over.
                case .ledger: break
                }
            }
        }
    }
}

extension LiveRecording.State {
    fileprivate mutating func put(_ row: LoadSecond) {
        let key = LiveRecording.Row(second: row.second, route: row.route)
        if let at = rows[key] {
            recording.seconds[at] = row
        } else {
            rows[key] = recording.seconds.count
            recording.seconds.append(row)
        }
    }
}
