import AWS
import Capacity
import Foundation
import History
import Lab
import Plan
import Recorder
import Report
import Verdict

/// One measurement: the stages that are played one after the other, each recorded as a run, on one platform.
struct CapacitySession {
    let subject: CapacitySubject
    let place: PlaceOptions
    let results: ResultsOption
    let measuring: CapacityMeasuring
    /// What the recordings have in common, as a tag: `capacity-20261126-093000`.
    let name: String
    private let seed: UInt64
    /// Of the measurement; the stage under way has one of its own.
    private let interruption = Interruption()

    init(
        subject: CapacitySubject, place: PlaceOptions, results: ResultsOption, measuring: CapacityMeasuring
    ) {
        self.subject = subject
        self.place = place
        self.results = results
        self.measuring = measuring
        let start = Date()
        seed = measuring.seed ?? ScenarioPlay.freshSeed(at: start)
        name = CapacityRecordings.prefix + String(RunID.timestamp(start).filter(\.isNumber).prefix(14))
    }

    /// Plays all stages and the surge. A knee that is not found is a result; what keeps stages from being played is
    /// none.
    func measure() async throws {
        // A lab of its own stays up for all of it: each stage finds it, and starts none.
        defer { interruption.end() }
        let platform = try await RunPlatform.open(
            place, plan: subject.scenario, seed: seed, until: interruption)
        let played: Result<Void, any Error>
        do {
            played = .success(try await measure(on: platform))
        } catch {
            played = .failure(error)
        }
        await platform.ownLab?.stop()
        try played.get()
    }

    private func measure(on platform: RunPlatform) async throws {
        guard let aws = platform.aws else {
            throw CommandProblem(.usage, "--on \(place.on.text): only a lab or AWS can be scaled")
        }
        let held = try await otherServices(aws)
        Terminal.note("measuring \(name): \(subject.service.name), \(subject.objective.words)")
        var guess: Double?
        var fewest: Double?
        for tasks in subject.tasks {
            let knee = try await knee(tasks, expectedAt: guess.map { $0 * Double(tasks) }, held)
            guard let rate = knee.rate else { break }
            guess = rate.low / Double(tasks)
            fewest = fewest ?? (tasks == subject.service.tasks.lowerBound ? rate.low : nil)
        }
        // Who asks for one number of tasks asks what it carries, and no more.
        guard let fewest, subject.tasks.count > 1 else { return }
        let surge = Surge.plan(
            subject.scenario, service: subject.service.name, capacity: fewest, held: held)
        Terminal.note("how long scaling out takes, at \(Int(fewest * 0.95))/s")
        _ = try await play(surge)
    }

    /// What each other service that scales is held at: the most that its autoscaling may give it just now.
    private func otherServices(_ aws: AWSPlatform) async throws -> [String: Int] {
        let system = subject.system
        let others = system.services.filter { $0.name != subject.service.name && $0.tasks.count > 1 }
        let resources = others.map {
            ApplicationAutoScaling.resource(cluster: system.cluster, service: $0.name)
        }
        guard !resources.isEmpty else { return [:] }
        let targets = try await aws.autoScaling.describeScalableTargets(resources: resources)
        return Dictionary(
            zip(others, resources).compactMap { service, resource in
                targets.first { $0.resource == resource }.map { (service.name, $0.maximum) }
            }, uniquingKeysWith: { $1 })
    }

    private func knee(
        _ tasks: Int, expectedAt guess: Double?, _ held: [String: Int]
    ) async throws -> Knee {
        let stage = StagePlan(
            scenario: subject.scenario, objective: subject.objective, service: subject.service.name,
            tasks: tasks, held: held)
        let most = measuring.upTo.perSecond
        var search = KneeSearch(
            start: min(guess ?? measuring.startAt.perSecond, most), most: most, isGuessed: guess != nil)
        var stages: [Stage] = []
        while case .play(let rate, let isConfirming) = search.next {
            let recording = try await play(stage.plan(rate: rate, isConfirming: isConfirming))
            guard let shown = Stage(recording) else {
                throw CommandProblem(.ourBug, "the recording \(recording.run.id) is not of a stage")
            }
            stages.append(shown)
            Terminal.note(CapacityReport.line(shown))
            switch shown.outcome {
            case .met: search.note(rate: rate, isMet: true)
            case .missed: search.note(rate: rate, isMet: false)
            case .generator, .invalid: search.noteNothing(rate: rate)
            }
        }
        return Knee(tasks: tasks, stages: stages)
    }

    /// One run, with the measurement's name as a tag.
    private func play(_ plan: Plan) async throws -> Recording {
        if interruption.happened { throw CommandProblem(.interrupted, "interrupted between two stages") }
        let start = Date()
        var play = ScenarioPlay(file: subject.file, plan: plan, place: place, results: results)
        play.name = "capacity"
        play.isQuiet = true
        let run = try await play.play(
            seed: seed, at: start, command: "loadchaos capacity, a stage of \(name)")
        let (archive, recording, verdict) = try RunEnding.judged(run: run, results: results)
        try archive.tag([run], as: name)
        let status = ExitStatus(verdict)
        switch status {
        case .notHealed, .interrupted, .ourBug, .unreachable:
            throw CommandProblem(
                status, "stage \(run) ended the measurement: \(verdict.notes.joined(separator: "; "))")
        case .kept, .broken, .unknown, .usage, .badScenario: return recording
        }
    }
}
