import History
import Plan

extension Recording {
    /// What was recorded of one stream, as if it had been the whole load; nil: no stream has this name.
    ///
    /// The generator's seconds are those of all streams, which share its cores.
    func only(_ name: String) -> Recording? {
        guard let stream = run.plan.stream(named: name) else { return nil }
        let routes = run.plan.requests(of: stream)
        var recording = self
        recording.run.plan = run.plan.alone(stream)
        recording.run.plan.expectations = run.plan.expectations.filter { $0.stream == name }
        let end = recording.run.plan.real(recording.run.plan.duration)
        recording.run.loadEnded = run.loadEnded.map { min($0, end) }
        recording.seconds = seconds.filter { routes.contains($0.route) }.map { row in
            var row = row
            row.route -= routes.lowerBound
            return row
        }
        return recording
    }
}

/// The evidence that each expectation is judged by: that of the whole load, or of the stream that it is about.
struct Evidences {
    let whole: Evidence
    private let streams: [String: Evidence]

    /// `ignoring`: rows that are still provisional, for a look while the run goes on.
    init(_ recording: Recording, ignoring isProvisional: (SecondTotals) -> Bool = { _ in false }) {
        whole = Evidence(recording, ignoring: isProvisional)
        var streams: [String: Evidence] = [:]
        for name in Set(recording.run.plan.expectations.compactMap(\.stream)) {
            streams[name] = recording.only(name).map { Evidence($0, ignoring: isProvisional) }
        }
        self.streams = streams
    }

    var all: [Evidence] { [whole] + streams.sorted { $0.key < $1.key }.map(\.value) }

    func evidence(for expectation: Expectation) -> Evidence {
        expectation.stream.flatMap { streams[$0] } ?? whole
    }
}

extension Plan {
    /// The expectations about the load of this Plan as a whole.
    var ownExpectations: [Expectation] {
        expectations.filter { $0.stream == nil || streams.count == 1 }
    }
}
