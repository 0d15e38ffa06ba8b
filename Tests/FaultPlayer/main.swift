import AWS
import Chaos
import Foundation
import Plan
import TestKit

// Plays the faults of a Plan and heals them, for tests that kill it in the middle: `FaultPlayer PLAN ENDPOINT JOURNAL`.
// Time does not pass for it; each call is real.
let words = CommandLine.arguments
let plan = try JSONDecoder().decode(Plan.self, from: Data(contentsOf: URL(filePath: words[1])))
let platform = AWSPlatform(
    configuration: AWSConfiguration(
        region: plan.system?.region ?? "", endpoints: Endpoints(all: words[2]), credentials: Credentials.lab,
        pause: { _ in }))
let engine = ChaosEngine(
    plan: plan, platform: platform, journal: try Journal(path: words[3]), runID: "run-1", seed: 11,
    clock: EagerClock(), writer: MemoryHistory(), ownAddresses: [])
for index in plan.faults.indices { await engine.play(index) }
exit(await engine.healAll().isEmpty ? 0 : 3)
