import Plan

/// The rule by which a service scales, on the scenario clock, as its system's promises have it.
struct ScalingRule {
    /// Minutes of CPU that a step takes, and the bound, 0…1.
    var out: (minutes: Int, cpu: Double)?
    var back: (minutes: Int, cpu: Double)?

    init(_ service: String, _ system: System) {
        for case .scaling(let scaling) in system.promises.flatMap(\.expectations).map(\.check)
        where scaling.service == service {
            let minutes = max(1, Int((scaling.earliest.inSeconds / 60).rounded()))
            switch (scaling.direction, scaling.cpu) {
            case (.out, .above(let cpu)), (.out, .atLeast(let cpu)): out = (minutes, cpu)
            case (.in, .below(let cpu)), (.in, .atMost(let cpu)): back = (minutes, cpu)
            default: break
            }
        }
    }
}
