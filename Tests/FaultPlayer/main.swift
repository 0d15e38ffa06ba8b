import AWS
import Chaos
import Foundation
import History
import Plan
import Scenario
import TestKit

// Plays the faults of a Plan and heals them, for tests that kill it in the middle or look at its calls:
// `FaultPlayer PLAN ENDPOINT JOURNAL [FILE]`, the Plan as JSON or a scenario. Keys are the environment's, if it has any.
// Time does not pass for it; each call is real. Clients notice a fault when FILE is there, which is waited for, half a
// minute each time; without one, never. What happened goes to stdout. Exit 0: all is healed, 3: not.
let words = CommandLine.arguments
let plan: Plan
/// A mock shows no effect and takes its time over each look: a few are enough.
var timing: ChaosTiming?
if words[1].hasSuffix(".scn") {
    let reading = Scenario.load(path: words[1])
    guard let value = reading.value else { fatalError("\(reading.findings)") }
    plan = value
    timing = ChaosTiming(
        pollInterval: .seconds(10), effectLimit: .seconds(30), healingLimit: .seconds(60),
        revertPauses: [.seconds(1)])
} else {
    plan = try JSONDecoder().decode(Plan.self, from: Data(contentsOf: URL(filePath: words[1])))
}
let environment = ProcessInfo.processInfo.environment
let region = plan.system?.region ?? ""
var configuration = AWSConfiguration.lab(endpoint: words[2], region: region)
if environment["AWS_ACCESS_KEY_ID"] != nil {
    configuration.credentials = try AWSConfiguration.fromEnvironment(environment, region: region).credentials
}
configuration.pause = { _ in }
let history = MemoryHistory()
let notice = words.count > 4 ? words[4] : nil
let engine = ChaosEngine(
    plan: plan, platform: AWSPlatform(configuration: configuration), journal: try Journal(path: words[3]),
    runID: "run-1", seed: 11, clock: EagerClock(), writer: history, ownAddresses: [],
    timing: timing,
    harm: {
        guard let notice else { return nil }
        for _ in 0..<3000 where access(notice, F_OK) != 0 { usleep(10_000) }
        return access(notice, F_OK) == 0 ? "\(notice) is there" : nil
    })
for index in plan.faults.indices { await engine.play(index) }
let left = await engine.healAll()
for event in history.events { print("\(event.subject): \(event.text)") }
exit(left.isEmpty ? 0 : 3)
