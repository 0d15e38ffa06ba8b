import Capacity
import Foundation
import Plan
import Scenario

/// What a capacity is measured of: a service, the requests it gets, and what they must meet.
struct CapacitySubject {
    /// The requests, the system and the speed.
    let scenario: Plan
    /// The scenario's file, whose text is recorded with each stage.
    let file: String
    let system: System
    let service: System.Service
    let tasks: [Int]
    let objective: Objective

    static let tag = Tag(rawValue: "capacity")
    /// On the lab: fast enough for targets to become healthy in seconds, slow enough for minutes of some seconds.
    static let labSpeed = 10.0

    /// `file`: a scenario, or a system beside whose file a scenario with the tag `capacity` is.
    init(file: String, measuring: CapacityMeasuring, place: PlaceOptions) throws {
        let path = file.hasSuffix(".system") ? try Self.scenario(beside: file) : file
        self.file = path
        var plan = try ScenarioFile.plan(at: path)
        guard let system = plan.system else {
            throw CommandProblem(
                .badScenario, "\(path) has no system, so it is not known what scales: add `use \"….system\"`")
        }
        if plan.streams.count > 1 {
            throw CommandProblem(
                .usage,
                "\(path) has \(plan.streams.count) loads at once; capacity raises the rate of one: leave the others out"
            )
        }
        if plan.streams[0].journey != nil {
            throw CommandProblem(
                .usage,
                "\(path) has `requests in order`, which only users send; capacity is measured at rates: give it a mix"
            )
        }
        if plan.streams[0].load.replay != nil {
            throw CommandProblem(
                .usage,
                "\(path) has a `replay`, which has its own times; capacity is measured at rates: give it a mix"
            )
        }
        switch place.on {
        case .lab: plan.speed = place.speed ?? Self.labSpeed
        case .aws: plan.speed = place.speed ?? 1
        case .url:
            throw CommandProblem(
                .usage, "--on \(place.on.text): a URL cannot be scaled; measure on lab or on aws")
        }
        scenario = plan
        self.system = system
        service = try Self.service(measuring.service, of: system)
        tasks = measuring.tasks?.counts ?? Array(service.tasks)
        if let p95 = measuring.p95 {
            objective = Objective(latency: p95.value, errorRate: measuring.errors.share)
        } else if let promised = Objective(of: system, errorRate: measuring.errors.share) {
            objective = promised
        } else {
            throw CommandProblem(
                .usage, "\(system.name) promises no p95, so it is not known what must be met: add --p95 100ms"
            )
        }
    }

    private static func scenario(beside system: String) throws -> String {
        let folder = URL(filePath: system).deletingLastPathComponent()
        let wanted = try ScenarioFile.system(at: system)
        let files: [String]
        do { files = try FileManager.default.contentsOfDirectory(atPath: folder.path) } catch {
            throw CommandProblem(.usage, "\(folder.path) cannot be listed: \(error.localizedDescription)")
        }
        let found = files.filter { $0.hasSuffix(".scn") }.sorted()
            .map { folder.appending(path: $0).relativePath }
            .first { path in
                let plan = Scenario.load(path: path).value
                return plan?.system?.name == wanted.name && plan?.tags.contains(tag) == true
            }
        guard let found else {
            throw CommandProblem(
                .usage,
                """
                no scenario beside \(system) has the tag `\(tag.rawValue)`, so it is not known what to request
                  either: add the line `tags \(tag.rawValue)` to the one whose requests are typical
                  or:     loadchaos capacity SCENARIO
                """)
        }
        return found
    }

    static func service(_ name: String?, of system: System) throws -> System.Service {
        if let name {
            guard let service = system.services.first(where: { $0.name == name }) else {
                let names = system.services.map(\.name).joined(separator: ", ")
                throw CommandProblem(
                    .usage, "--service \(name): \(system.name) has no such service; it has \(names)")
            }
            return service
        }
        guard let largest = system.services.filter({ $0.tasks.count > 1 }).max(by: { $0.cpu < $1.cpu }) else {
            throw CommandProblem(
                .usage, "no service of \(system.name) scales; choose one with --service and --tasks")
        }
        return largest
    }
}
