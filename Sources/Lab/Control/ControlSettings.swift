/// How long the platform takes for things: the document's settings, and Fargate's own where it is silent.
///
/// Scenario time; `ControlSettings` divides it by the lab's speed.
package struct ControlTimes: Hashable, Sendable {
    /// Container health check of each task: every `healthInterval`, failures of the first `healthStart` not
    /// counted.
    package var healthInterval: Duration = .seconds(30)
    package var healthStart: Duration = .seconds(30)
    /// How long after its start a task may be unhealthy at the balancer before ECS replaces it.
    package var targetGrace: Duration = .seconds(60)
    /// How long a leaving target may finish what it has begun, before its task gets SIGTERM.
    package var deregistrationDelay: Duration = .seconds(30)
    /// From SIGTERM to SIGKILL.
    package var stopGrace: Duration = .seconds(30)
    /// From the interruption of a Spot task to SIGKILL, draining included.
    package var spotWarning: Duration = .seconds(120)
    /// Network interface and image, before a task's processes start. None for the tasks of a booting lab.
    package var provisioning: Duration = .seconds(20)
    /// How long DescribeTasks still knows a stopped task.
    package var stoppedRetention: Duration = .seconds(3600)

    package init() {}

    func divided(by speed: Double) -> ControlTimes {
        var times = self
        for path in [
            \ControlTimes.healthInterval, \.healthStart, \.targetGrace, \.deregistrationDelay, \.stopGrace,
            \.spotWarning, \.provisioning, \.stoppedRetention,
        ] {
            times[keyPath: path] = self[keyPath: path] / speed
        }
        return times
    }
}

/// What a lab's control plane is told at its start.
package struct ControlSettings: Sendable {
    package var region = "ap-south-1"
    package var account = "123456789012"
    /// Every AWS resource of the lab bears this name or starts with it.
    package var project = "ecs-microservices"
    /// Real time runs `speed` times as fast as the scenario's; every time of `times` is divided by it.
    package var speed: Double
    package var times = ControlTimes()
    package var services = ServiceBlueprint.document
    package var zones = ["ap-south-1a", "ap-south-1b"]
    /// Consecutive failed container health checks that make a task unhealthy.
    package var healthRetries = 3
    /// Real time between two passes of the control loop.
    package var tick: Duration = .milliseconds(250)
    /// Ids are drawn from it, so that two labs with one seed name their tasks alike.
    package var seed: UInt64
    /// What is wrong on purpose.
    package var flaw: LabFlaw?

    package init(speed: Double = 1, seed: UInt64, flaw: LabFlaw? = nil) {
        self.speed = speed
        self.seed = seed
        self.flaw = flaw
        if flaw == .singleNginx {
            for place in services.indices where services[place].isBalanced {
                services[place].desiredCount = 1
            }
        }
    }
}
