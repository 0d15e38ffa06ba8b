import History
import Plan
import TestKit
import Testing

@testable import Live

@Suite struct LiveMetricsTests {
    /// A sample's line, read as strictly as Prometheus does: family, labels, value.
    private struct Sample {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    /// Every sample of the text, after checks of its form: HELP and TYPE before the samples of each family, once.
    private func parsed(_ text: String) throws -> [Sample] {
        var types: [String: String] = [:]
        var samples: [Sample] = []
        #expect(text.hasSuffix("\n"))
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("# HELP ") { continue }
            if let type = line.wholeMatch(of: /# TYPE ([a-z0-9_]+) (counter|gauge|histogram)/) {
                #expect(types[String(type.1)] == nil, "\(type.1) twice")
                types[String(type.1)] = String(type.2)
                continue
            }
            let match = try #require(
                line.wholeMatch(of: /([a-z0-9_]+)(?:\{(.*)\})? (\+Inf|-?[0-9.e+-]+)/), "\(line)")
            let name = String(match.1)
            let family = name.replacing(/_(bucket|sum|count)$/, with: "")
            #expect(types[name] != nil || types[family] == "histogram", "\(name) has no TYPE")
            var labels: [String: String] = [:]
            var rest = match.2 ?? ""
            while let label = rest.prefixMatch(of: /([a-z_]+)="((?:[^"\\\n]|\\.)*)",?/) {
                labels[String(label.1)] = String(label.2)
                rest = rest[label.range.upperBound...]
            }
            #expect(rest.isEmpty, "\(line)")
            samples.append(Sample(name: name, labels: labels, value: try #require(Double(match.3))))
        }
        return samples
    }

    private func samples(_ recording: Recording, second: Double) throws -> [Sample] {
        try parsed(LiveMetrics(RunSoFar(recording), now: .seconds(second)).text)
    }

    private func sum(_ samples: [Sample], _ name: String) -> Double {
        samples.filter { $0.name == name }.reduce(0) { $0 + $1.value }
    }

    private static let running = RecordingBuilder(seconds: 30, rate: 50).failing(10..<12, each: 5)
        .fault("block zone a", at: 10, healed: nil)
        .tasks(2, "web", at: 1).tasks(1, "web", at: 2, metric: .healthyTasks, zone: "a")
        .tasks(3, "web", at: 9)
        .changed { $0.run.ending = .open }.recording

    @Test func `counters are the sums of the settled seconds`() throws {
        // At 20.5 s the seconds 0 to 18 are two seconds old.
        let samples = try samples(Self.running, second: 20.5)
        #expect(sum(samples, "loadchaos_requests_planned_total") == 19 * 50)
        #expect(sum(samples, "loadchaos_requests_ok_total") == 19 * 50 - 10)
        let failed = samples.filter { $0.name == "loadchaos_requests_failed_total" }
        #expect(
            failed.map(\.value) == [10] && failed[0].labels == ["route": "GET /items", "class": "connect"])
        #expect(sum(samples, "loadchaos_fault_active") == 1)
        #expect(samples.first { $0.name == "loadchaos_tasks_desired" }?.value == 3, "the last sample")
        #expect(
            samples.first { $0.name == "loadchaos_tasks_healthy" }?.labels == ["service": "web", "zone": "a"])
    }

    @Test func `a histogram is cumulative and ends in its count`() throws {
        let samples = try samples(Self.running, second: 20.5)
        for name in ["loadchaos_latency_seconds", "loadchaos_service_time_seconds"] {
            let buckets = samples.filter { $0.name == "\(name)_bucket" }
            #expect(buckets.map(\.value) == buckets.map(\.value).sorted())
            #expect(buckets.last?.labels["le"] == "+Inf")
            #expect(buckets.last?.value == sum(samples, "\(name)_count"))
            #expect(sum(samples, "\(name)_count") == 19 * 50 - 10)
            // 20 ms, give or take a tenth.
            #expect(buckets.first { $0.labels["le"] == "0.01" }?.value == 0)
            #expect(buckets.first { $0.labels["le"] == "0.025" }?.value == sum(samples, "\(name)_count"))
            let mean = sum(samples, "\(name)_sum") / sum(samples, "\(name)_count")
            #expect(mean > 0.018 && mean < 0.022)
        }
    }

    @Test func `a second with open requests counts when they have ended, or cannot end any more`() throws {
        var recording = Self.running
        let ended = recording.seconds[15]
        recording.seconds[15].ok -= 3
        recording.seconds[15].unfinished = 3
        let before = try samples(recording, second: 20.5)
        #expect(sum(before, "loadchaos_requests_planned_total") == 18 * 50)
        // The deadline is 10 s.
        let late = try samples(recording, second: 27.5)
        #expect(sum(late, "loadchaos_requests_unfinished_total") == 3)
        recording.seconds[15] = ended
        let after = try samples(recording, second: 20.5)
        #expect(sum(after, "loadchaos_requests_planned_total") == 19 * 50)
    }

    @Test func `a counter never goes down while seconds come, fail late and are rewritten`() throws {
        var last: [String: Double] = [:]
        for second in stride(from: 1.0, to: 45, by: 1) {
            var recording = Self.running
            recording.seconds.removeAll { Double($0.second) >= second }
            for place in recording.seconds.indices where Double(recording.seconds[place].second) > second - 5
            {
                let open = recording.seconds[place].ok / 2
                recording.seconds[place].ok -= open
                recording.seconds[place].unfinished = open
            }
            for sample in try samples(recording, second: second) where sample.name.hasSuffix("_total") {
                let key = "\(sample.name) \(sample.labels.sorted { $0.key < $1.key })"
                #expect(sample.value >= last[key, default: 0], "\(key) at \(second)")
                last[key] = sample.value
            }
        }
        #expect(last.count == 6)
    }

    @Test func `seconds that are kept as sums count as ever`() throws {
        let recording = RecordingBuilder(seconds: 200, rate: 50).failing(10..<12, each: 5)
            .changed { $0.run.ending = .open }.recording
        var kept = RunSoFar(run: recording.run)
        for (row, generator) in zip(recording.seconds, recording.generator) {
            kept.add([.load(row), .generator(generator)])
            kept.addUp([:])
        }
        #expect(kept.seconds.rows.count < 100)
        let now = Nanoseconds.seconds(200.5)
        #expect(LiveMetrics(kept, now: now).text == LiveMetrics(RunSoFar(recording), now: now).text)
    }

    @Test func `text from outside stays in its label`() throws {
        var recording = Self.running
        recording.run.plan.name = "a \"quoted\\\" \n# TYPE evil counter"
        let info = try samples(recording, second: 20).first { $0.name == "loadchaos_run_info" }
        #expect(info?.labels["scenario"] == #"a \"quoted\\\" \n# TYPE evil counter"#)
    }
}
