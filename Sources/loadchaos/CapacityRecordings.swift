import Capacity
import Foundation
import History
import Plan
import Recorder
import Report
import Verdict

/// The recorded stages of one measurement.
struct CapacityRecordings {
    static let prefix = "capacity-"

    let name: String
    let stages: [Stage]
    let surge: Surge?
    /// What `simulate` plays on; nil: the stages do not tell enough.
    let simulation: SimulationModel?
    private let record: RunRecord

    /// `words`: the measurement's name, or `last`.
    init(_ words: String, _ results: ResultsOption, service: String) throws {
        let archive = try results.archive()
        let listings = try archive.runs()
        let names = Set(listings.flatMap(\.tags)).filter { $0.hasPrefix(Self.prefix) }.sorted()
        guard let name = words == "last" ? names.last : names.first(where: { $0 == words }) else {
            let known =
                names.isEmpty
                ? "there is none in \(results.folder)" : "there are \(names.joined(separator: ", "))"
            throw CommandProblem(.usage, "--measured \(words): no such measurement; \(known)")
        }
        self.name = name
        let runs = listings.filter { $0.tags.contains(name) }.map(\.id)
        let recordings = try runs.map { try archive.recording(of: $0) }
        stages = recordings.compactMap(Stage.init).filter { $0.service == service }
        surge = recordings.compactMap { Surge($0, of: service) }.last
        guard let first = recordings.first, !stages.isEmpty else {
            throw CommandProblem(.usage, "\(name) measured nothing of \(service); see --service")
        }
        record = first.run
        simulation = SimulationModel(recordings, service: service)
    }

    func report(
        _ subject: CapacitySubject, _ demand: CapacityPlanning.Demand, today: Date
    ) throws -> CapacityReport {
        let knees = Knee.all(stages)
        guard let model = CapacityModel(knees, seed: record.seed) else {
            let why = knees.compactMap { knee in knee.doubt.map { "\(knee.tasks) tasks: \($0)" } }
            throw CommandProblem(
                .unknown, "no number of tasks has a known capacity:\n  \(why.joined(separator: "\n  "))")
        }
        let plan = CapacityPlan(
            system: subject.system, service: subject.service, model: model, target: demand.target,
            demand: demand.rate, growth: demand.growth, traffic: demand.traffic, surge: surge, today: today)
        return CapacityReport(
            plan, knees: knees, objective: subject.objective, measurement: name,
            environment: record.environment, speed: record.plan.speed)
    }
}
