import Foundation
import History
import Plan
import TestKit
import Testing
import Verdict

@testable import Report

@Suite struct ReportTests {
    /// A blocked zone at speed 6: ten bad seconds, recovered, a p95 kept, one check broken.
    private var builder: RecordingBuilder {
        RecordingBuilder(seconds: 100, warmUp: 5, speed: 6)
            .expecting("p95 latency < 100ms when calm", .latency(percentile: 95, .below(.milliseconds(100))))
            .expecting("error rate < 0.5% when calm", .errorRate(.below(0.005)), promise: "few errors")
            .expecting(
                "recovery < 30s after block zone a", .recovery(.below(.seconds(30))),
                .after(fault: "block zone a")
            )
            .fault("block zone a", at: 20, healed: 60)
            .failing(22..<32, each: 5)
            .tasks(1, "flask", at: -1, metric: .healthyTasks, zone: "ap-south-1a")
            .tasks(2, "flask", at: -1, metric: .healthyTasks, zone: "ap-south-1b")
            .changed { recording in
                recording.events = [
                    Event(at: .zero, kind: .phase, subject: "load", text: "load begins"),
                    Event(
                        at: .seconds(30), kind: .platform, subject: "flask", text: "a target became unhealthy"
                    ),
                ]
                recording.run.environment.labLimits = ["no CPU quotas: cgroups are not writable"]
            }
    }

    private func report(_ recording: Recording, _ style: Style = .plain, width: Int = 100) -> String {
        RunReport(recording, judge(recording), database: "results/loadchaos.sqlite", folder: "results/x")
            .text(style, width: width)
    }

    @Test func `the report of a run reads like this`() throws {
        #expect(report(builder.recording) == ReportSnapshot.blockedZone)
    }

    @Test func `a run that is not kept says what its tasks complained of, what is alike once`() {
        let complaining = builder.changed { recording in
            for second in 22..<30 {
                recording.events.append(
                    Event(
                        at: .seconds(Double(second)), kind: .log, subject: "flask",
                        text: "task 1a2b3c4d: ERROR no answer from 10.0.1.\(second)"))
            }
        }
        #expect(
            report(complaining.recording).contains(
                """
                Logs
                  scenario   real  service  lines  the first of them
                     2m12s  22.0s  flask        8  task 1a2b3c4d: ERROR no answer from 10.0.1.22

                """), "\(report(complaining.recording))")
        #expect(!report(complaining.recording).contains("10.0.1.23"), "the events are not drowned in them")
        let kept = complaining.changed { $0.run.plan.expectations = [] }.recording
        #expect(!report(kept).contains("Logs"))
    }

    @Test func `complaints of one moment have an order of their own`() {
        let kinds = ["no answer", "no route", "no memory", "no name", "no file", "no peer", "no key"]
        let complaining = builder.changed { recording in
            for service in ["nginx", "flask"] {
                for kind in kinds {
                    recording.events.append(
                        Event(at: .seconds(22), kind: .log, subject: service, text: kind))
                }
            }
        }.recording
        let lines = TaskLogs.blocks(complaining, judge(complaining)).lines(.plain, width: 100)
        let shown = kinds.sorted().flatMap { ["flask        1  \($0)", "nginx        1  \($0)"] }.prefix(12)
        #expect(lines.dropFirst().dropLast() == shown.map { "     2m12s  22.0s  \($0)" }[...], "\(lines)")
        #expect(lines.last == "  and 2 others, in the recording's log")
    }

    @Test func `each of a fault's times is told, also two in one millisecond`() {
        let recording = builder.changed {
            $0.faults[0].effect = .milliseconds(20_500)
            $0.faults[0].reverted = .milliseconds(20_500) + .microseconds(30)
            $0.events.append(
                Event(at: .milliseconds(20_500), kind: .fault, subject: "block zone a", text: "took effect"))
        }.recording
        let lines = EventLog.blocks(
            recording.events, recording.faults, recording.run.plan
        ).lines(.plain, width: 100)
        #expect(lines.contains { $0.hasSuffix("block zone a: reverted") }, "\(lines)")
        #expect(lines.count { $0.contains("effect") } == 1, "\(lines)")
    }

    @Test func `in Markdown the verdict comes first, and text stays text`() {
        let text = RunReport(
            builder.changed { $0.run.plan.name = "a|b <x>" }.recording, judge(builder.recording),
            database: "d",
            folder: "f"
        ).markdown()
        #expect(
            text.hasPrefix(
                "# a\\|b &lt;x&gt;: broken\n\n## Verdict\n\n|  | expected | measured |\n| --- | --- | --- |\n"
            ))
        #expect(text.contains("| broken | recovery &lt; 30s after block zone a | 60s (resolution 6s) |"))
        #expect(text.contains("| route | planned | = sent |") && text.contains("| --- | --: | --: |"))
    }

    @Test func `the timeline has a row for each second, with nothing where nothing is known`() throws {
        let rows = TimelineCSV.text(builder.changed { $0.seconds[30].ok = 0 }.recording).components(
            separatedBy: "\r\n")
        #expect(rows.count == 102 && rows.last == "")
        #expect(rows[0].hasPrefix("second,scenario_second,planned,sent,"))
        let calm = rows[11].split(separator: ",", omittingEmptySubsequences: false)
        #expect(calm.prefix(8) == ["10", "60", "50", "50", "0", "50", "0", "0"])
        #expect(Double(calm[8]).map { (19...21).contains($0) } == true)
        // Five of fifty failed: the 95th percentile lies among them.
        #expect(rows[26].hasSuffix(",,") && !rows[26].hasSuffix(",,,"))
    }

    @Test func `hops are shown with the number of answers that told them and how exactly`() throws {
        let recording = builder.hops([
            (
                System.Hop(name: "a to b", whole: "a", part: "b", resolution: .milliseconds(1)),
                .milliseconds(3)
            ),
            (System.Hop(name: "b to c", whole: "c"), nil),
        ]).recording
        let text = report(recording)
        #expect(
            text.contains(
                """
                Hops
                  hop     p50  p95  p99  answers  resolution
                  a to b  3ms  3ms  3ms    4,700  1ms
                  b to c    -    -    -        0

                """), "\(text)")
        let json = try RunJSON.text(recording, judge(recording))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let hops = try #require(object["hops"] as? [[String: Any]])
        #expect(hops.map { $0["hop"] as? String } == ["a to b", "b to c"])
        #expect(hops.map { $0["count"] as? Int } == [4_700, 0])
        #expect(hops.map { $0["resolution_ms"] as? Double } == [1, 0])
        #expect(hops[0]["p95_ms"] as? Double == 3 && hops[1]["p95_ms"] is NSNull)
    }

    @Test func `what is known broken is called so, and never kept`() {
        let recording = builder.promising("few errors", knownBroken: "errors are free").changed {
            $0.run.plan.expectations[1].check = .errorRate(.below(0.0001))
            $0.run.plan.expectations.remove(at: 2)
            for second in 70..<90 {
                $0.seconds[second].ok -= 1
                $0.seconds[second].failed += 1
            }
        }.recording
        let lines = VerdictTable.blocks(judge(recording)).lines(.plain, width: 120)
        #expect(lines[2].hasPrefix("  known broken  error rate < 0.5% when calm"), "\(lines)")
        #expect(lines[3].hasSuffix("known broken: errors are free"), "\(lines)")
        #expect(lines.last == "  KNOWN BROKEN: of 2 expectations, 1 kept, 1 known broken")
    }

    @Test func `colour changes no character but its own`() {
        let coloured = report(builder.recording, .terminal)
        #expect(coloured != report(builder.recording))
        #expect(coloured.replacing(#/\u{1B}\[[0-9]+m/#, with: "") == report(builder.recording))
    }

    @Test func `probes are shown with their answer, or why there is none`() throws {
        let recording = builder.changed { recording in
            var speed = ProbeRecord(
                index: 0, name: "redis operations", place: "task 1a2b of redis", started: .seconds(10))
            (speed.ended, speed.exitCode, speed.number) = (.seconds(12.5), 0, 84_604.5)
            (speed.numberLine, speed.output) = (
                "\"GET\",\"84604.5\"", "\"test\",\"rps\"\n\"GET\",\"84604.5\""
            )
            var own = ProbeRecord(index: 1, name: "own check", place: "this machine", started: .seconds(20))
            (own.ended, own.problem) = (.seconds(50), "it did not end within 30s")
            recording.probes = [speed, own]
        }.recording
        let lines = ProbeReport.blocks(recording).lines(.plain, width: 100)
        #expect(
            lines == [
                "                    scenario   real  took  answer",
                "  redis operations     1m00s  10.0s  2.5s  84,605, exit code 0: \"GET\",\"84604.5\"",
                "                                           on task 1a2b of redis",
                "                                           \"test\",\"rps\"",
                "  own check            2m00s  20.0s   30s  none: it did not end within 30s",
                "                                           on this machine",
            ])
        #expect(report(recording).contains("\nProbes\n"))
        #expect(!report(builder.recording).contains("Probes"))
        let json = try RunJSON.text(recording, judge(recording))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let probes = try #require(object["probes"] as? [[String: Any]])
        #expect(probes[0]["number"] as? Double == 84_604.5 && probes[0]["exit_code"] as? Int == 0)
        #expect(probes[0]["started_s"] as? Double == 10 && probes[0]["ended_s"] as? Double == 12.5)
        #expect(
            probes[1]["number"] is NSNull && probes[1]["problem"] as? String == "it did not end within 30s")
    }

    @Test func `the last column wraps at the width, and a word is never cut`() {
        var table = Table([.left, .left])
        table.row(["problem", "the network ACL arn:aws:ec2:ap-south-1:1234:network-acl/acl-1 is not ours"])
        #expect(
            table.lines(.plain, width: 34) == [
                "  problem  the network ACL", "           arn:aws:ec2:ap-south-1:1234:network-acl/acl-1",
                "           is not ours",
            ])
    }

    @Test func `a run that has nothing still has a report`() {
        let empty = RecordingBuilder(seconds: 10).changed { recording in
            recording.seconds = []
            recording.generator = []
            recording.run.ending = .unreachable
            recording.run.problem = "http://127.0.0.1:1 refused the connection"
            recording.run.loadEnded = nil
        }
        let text = report(empty.recording)
        #expect(text.contains("ending    unreachable: http://127.0.0.1:1 refused the connection"))
        #expect(text.contains("UNKNOWN: nothing was expected"))
    }

    @Test func `text from outside cannot break a row`() {
        var table = Table([.left, .left])
        table.row(["a\nb", "c\td\u{85}e"])
        #expect(table.lines(.plain, width: 80) == ["  a b  c d e"])
    }

    @Test(arguments: [
        (Nanoseconds.seconds(-2), "-12s starting  0 errors  healthy 1a:1 1b:2  102.0s left"),
        (.seconds(3), "18s warm up  50/s  p50 19.7ms  p95 21.8ms  0 errors  healthy 1a:1 1b:2  97.0s left"),
        (
            .seconds(26),
            "2m36s hold  50/s  p50 20.4ms  p95 never  15 errors  healthy 1a:1 1b:2  block zone a  74.0s left"
        ),
        (.seconds(101), "10m06s done  50/s  p50 20.3ms  p95 21.8ms  50 errors  healthy 1a:1 1b:2  draining"),
    ])
    func `the progress line tells what a person wants to know`(now: Nanoseconds, line: String) {
        let recording = builder.changed { recording in
            recording.seconds.removeAll { $0.second >= now.second }
            if now < .seconds(20) { recording.faults = [] }
            if now < .seconds(60), !recording.faults.isEmpty { recording.faults[0].state = .injected }
        }.recording
        #expect(ProgressLine.text(Timeline(recording), now: now, .plain, width: 120) == line)
    }

    @Test func `the progress line is never longer than the terminal`() {
        for width in [0, 10, 20, 40, 80] {
            let line = ProgressLine.text(
                Timeline(builder.recording), now: .seconds(26), .plain, width: width)
            #expect(line.count <= width)
        }
    }

    @Test func `the JSON of a run has its documented keys`() throws {
        let recording = builder.recording
        let text = try RunJSON.text(recording, judge(recording))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(
            object.keys.sorted() == [
                "command", "dropped", "ending", "expectations", "failed", "faults", "generator_cpu",
                "hops", "latency",
                "lateness_p99_ms", "notes", "ok", "planned", "platform", "probes", "run", "scenario", "seed",
                "sent",
                "service_time",
                "speed", "started_at", "throughput_per_second", "unfinished", "verdict", "version",
            ])
        let latency = try #require(object["latency"] as? [String: Any])
        #expect(latency.keys.sorted() == ["max_ms", "p50_ms", "p90_ms", "p95_ms", "p999_ms", "p99_ms"])
        #expect(latency["p99_ms"] is NSNull, "50 of 4,750 failed: over one in a hundred is never answered")
        #expect(object["planned"] as? Int == 4_750)
        #expect(object["ok"] as? Int == 4_700)
        #expect(object["failed"] as? Int == 50)
        #expect(object["verdict"] as? String == "broken")
        let expectations = try #require(object["expectations"] as? [[String: Any]])
        #expect(expectations.map { $0["verdict"] as? String } == ["kept", "kept", "broken"])
        #expect(expectations[2]["value"] as? Double == 60)
        #expect(expectations[2]["unit"] as? String == "scenario_s")
    }

    @Test func `writes that were lost are listed by key, in the order they were acknowledged`() {
        let recording = builder.write(.acknowledged, answeredAt: 30, .absent)
            .write(.acknowledged, answeredAt: 20, .absent).write(.acknowledged, answeredAt: 40, .present)
            .write(.indeterminate, answeredAt: 21, .absent).write(.acknowledged, answeredAt: 35, .corrupt)
            .recording
        #expect(
            LostWrites.blocks(recording).lines(.plain, width: 100) == [
                "  key    acknowledged   real  found", "  key-1         2m00s  20.0s  absent",
                "  key-0         3m00s  30.0s  absent", "  key-4         3m30s  35.0s  corrupt",
            ])
        #expect(LostWrites.blocks(builder.recording).lines(.plain, width: 100).isEmpty)
    }
}
