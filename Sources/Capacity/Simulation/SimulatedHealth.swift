/// What a balancer node believes of a target, by its own checks. Times are real seconds.
struct SimulatedHealth {
    private let check: SimulationModel.HealthCheck
    private let speed: Double
    /// When the next check begins.
    private var next: Double
    private var failed = 0
    private var passed = 0
    private(set) var isHealthy: Bool

    /// `phase`: 0…1 of an interval until its first check.
    init(_ check: SimulationModel.HealthCheck, speed: Double, from: Double, phase: Double, isHealthy: Bool) {
        self.check = check
        self.speed = speed
        next = from + phase * check.interval / speed
        self.isHealthy = isHealthy
    }

    /// Makes the checks whose answer is known by `now`. An answer is known at once, none after the timeout.
    mutating func advance(to now: Double, answers: (_ at: Double) -> Bool) {
        while true {
            let isAnswered = answers(next)
            guard next + (isAnswered ? 0 : check.timeout / speed) <= now else { return }
            if isAnswered { (passed, failed) = (passed + 1, 0) } else { (passed, failed) = (0, failed + 1) }
            if failed >= check.unhealthy { isHealthy = false }
            if passed >= check.healthy { isHealthy = true }
            next += check.interval / speed
        }
    }
}
