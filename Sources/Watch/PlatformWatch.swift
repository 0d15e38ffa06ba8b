package import AWS
package import History
package import Plan

/// Polls the platform and writes what changed, until it is cancelled.
package struct PlatformWatch: Sendable {
    private let plan: Plan
    private let platform: AWSPlatform
    private let clock: any RunClock
    private let writer: any HistoryWriter
    private let interval: Nanoseconds
    private let onNodes: (@Sendable ([String]) -> Void)?

    /// `interval` on the real clock; nil: every second on loopback, every five on AWS.
    ///
    /// `onNodes` is called with the balancer's node addresses at the first look and whenever they change, where the
    /// platform tells them.
    package init(
        plan: Plan, platform: AWSPlatform, clock: any RunClock, writer: any HistoryWriter,
        interval: Nanoseconds? = nil, onNodes: (@Sendable ([String]) -> Void)? = nil
    ) {
        self.plan = plan
        self.platform = platform
        self.clock = clock
        self.writer = writer
        self.interval = interval ?? (platform.isLoopback ? .seconds(1) : .seconds(5))
        self.onNodes = onNodes
    }

    /// Returns when the task is cancelled; at once without a system. An API that cannot be reached is one event, and
    /// one more when it is back.
    package func run() async {
        guard let system = plan.system else { return }
        let reader = PlatformReader(system: system, platform: platform)
        var last: Snapshot?
        var metrics = MetricsWatch(
            system: system, platform: platform, stoppingAlarms: plan.stoppingAlarms, speed: plan.speed,
            clock: clock)
        let loop = WatchLoop(what: "the platform", interval: interval, clock: clock, writer: writer)
        await loop.run { () async throws(AWSError) in
            let snapshot = try await reader.read(known: last?.tasks ?? [])
            writer.record(
                Changes.between(
                    last, snapshot, at: clock.now, zones: system.zones, balanced: system.balancedService))
            if !snapshot.nodes.isEmpty, snapshot.nodes != last?.nodes { onNodes?(snapshot.nodes) }
            last = snapshot
            writer.record(await metrics.look())
        }
    }
}
