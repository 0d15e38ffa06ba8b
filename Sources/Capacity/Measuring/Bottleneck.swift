import Foundation

/// What stops a system at its knee, as far as CPU and hops tell.
package enum Bottleneck: Hashable, Sendable {
    /// The CPU that the tasks of a service have is used up; 0…1.
    case cpu(service: String, used: Double)
    /// A step inside waits, while no CPU is used up: p95 in ms with little load and at the knee.
    case hop(String, light: Double, loaded: Double)
    /// Neither; why.
    case unknown(String)

    /// From here on a CPU is used up: above it queues grow by themselves.
    package static let usedUp = 0.85
    /// A hop must make up this much of what the whole has become slower by.
    static let share = 0.5

    /// From the stage just beyond the knee, and the lightest.
    package static func find(_ knee: Knee) -> Bottleneck {
        guard let loaded = knee.atMissed, let light = knee.lightest, light.rate < loaded.rate else {
            return .unknown("there is no stage on both sides of the knee")
        }
        if let busiest = loaded.cpu.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            busiest.value >= usedUp
        {
            return .cpu(service: busiest.key, used: busiest.value)
        }
        guard let before = light.p95 else { return .unknown("too few answers were good") }
        // Without a bound: whatever grew, grew for it.
        let grown = loaded.p95.map { $0 - before } ?? 0
        let hops = loaded.hops.compactMap { hop -> (name: String, light: Double, loaded: Double)? in
            light.hops.first { $0.name == hop.name }.map { (hop.name, $0.p95, hop.p95) }
        }
        guard let slowest = hops.max(by: { $0.loaded - $0.light < $1.loaded - $1.light }) else {
            return .unknown("the system tells the time of no step inside it")
        }
        guard slowest.loaded - slowest.light >= max(1, grown * share) else {
            return .unknown(
                "no CPU was used up, and no step inside became slower by half of what the whole did")
        }
        return .hop(slowest.name, light: slowest.light, loaded: slowest.loaded)
    }
}
