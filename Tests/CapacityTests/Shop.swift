import Capacity
import Foundation
import History
import Plan
import TestKit

/// A small system and what was measured of it, for tests.
enum Shop {
    static let service = System.Service(name: "web", tasks: 2...4, port: 80, cpu: 512, memory: 1024)
    static let system = System(
        name: "shop", region: "ap-south-1", zones: ["a", "b"], cluster: "c", balancer: "alb",
        balancedService: "web",
        services: [service, System.Service(name: "cache", tasks: 1...1, port: 6379, cpu: 256, memory: 512)])

    static func stage(
        _ tasks: Int, _ rate: Double, _ outcome: Stage.Outcome, p95: Double? = 20, p99: Double? = 20,
        seconds: Int = 20, cpu: [String: Double] = [:], hops: [Stage.Hop] = []
    ) -> Stage {
        Stage(
            run: "run-\(tasks)-\(rate)", service: "web", tasks: tasks, rate: rate, outcome: outcome,
            seconds: seconds, ok: UInt64(rate) * UInt64(seconds), p95: p95, p99: p99, cpu: cpu, hops: hops)
    }

    /// Knees whose middles are these rates, each known to 5 %.
    static func knees(_ rates: [Int: Double]) -> [Knee] {
        rates.sorted { $0.key < $1.key }.map { tasks, rate in
            Knee(
                tasks: tasks,
                stages: [
                    stage(tasks, rate / 1.05.squareRoot(), .met),
                    stage(tasks, rate * 1.05.squareRoot(), .missed, p95: 900),
                ])
        }
    }

    static func model(_ rates: [Int: Double] = [2: 200, 3: 300, 4: 400]) -> CapacityModel? {
        CapacityModel(knees(rates), seed: 1)
    }
}
