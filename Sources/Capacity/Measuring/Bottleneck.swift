import Foundation

/// What stops a system at its knee, as far as CPU and hops tell.
package enum Bottleneck: Hashable, Sendable {
    /// The CPU that the tasks of a service have is used up; 0…1.
    case cpu(service: String, used: Double)
    /// A step inside waits, while no CPU is used up: p99 in ms with little load and at the knee.
    case hop(String, light: Double, loaded: Double)
    /// Neither; why.
    case unknown(String)

    /// From here on a CPU is used up: above it queues grow by themselves.
    package static let usedUp = 0.85
    /// A hop must make up this much of what the whole has become slower by.
    static let share = 0.5

    /// From the stage just beyond the knee, and the lightest.
    ///
    /// Steps are compared by their p99: just beyond the knee a rate is often missed in a few bad seconds only, which
    /// need not show in the p95 of all.
    package static func find(_ knee: Knee) -> Bottleneck {
        guard let loaded = knee.atMissed, let light = knee.lightest, light.rate < loaded.rate else {
            return .unknown("there is no stage on both sides of the knee")
        }
        if let busiest = loaded.cpu.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            busiest.value >= usedUp
        {
            return .cpu(service: busiest.key, used: busiest.value)
        }
        guard let before = light.p99 else { return .unknown("too few answers were good") }
        // Without a bound: whatever grew, grew for it.
        let grown = loaded.p99.map { $0 - before } ?? 0
        let steps = loaded.hops.compactMap { hop in
            light.hops.first { $0.name == hop.name }
                .map { Step(name: hop.name, light: $0.p99, loaded: hop.p99) }
        }
        guard let slowest = steps.max(by: { $0.grown < $1.grown }) else {
            return .unknown("the system tells the time of no step inside it")
        }
        guard slowest.grown >= max(1, grown * share) else {
            return .unknown(
                "no CPU was used up, and no step inside became slower by half of what the whole did")
        }
        let cause = slowest.cause(among: steps)
        return .hop(cause.name, light: cause.light, loaded: cause.loaded)
    }

    /// A hop on both sides of the knee, p99 in ms.
    private struct Step {
        var name: String
        var light: Double
        var loaded: Double

        var grown: Double { loaded - light }

        /// Callers queue before a service whose threads all wait further in, and the queue is longer than that wait: so
        /// the way is followed inwards, as long as the next step has at least doubled.
        func cause(among steps: [Step]) -> Step {
            guard let service = name.firstRange(of: " to ").map({ name[$0.upperBound...] }) else {
                return self
            }
            let inner = steps.filter { $0.name.hasPrefix("\(service) to ") && $0.grown >= max(1, $0.light) }
                .max { $0.grown < $1.grown }
            return inner?.cause(among: steps.filter { $0.name != name }) ?? self
        }
    }
}
