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
        var pace = WatchPace(interval: interval)
        var metrics = MetricsWatch(system: system, platform: platform, speed: plan.speed, clock: clock)
        var logs = LogWatch(system: system, platform: platform, clock: clock)
        while !Task.isCancelled {
            let started = clock.now
            do {
                let snapshot = try await reader.read(known: last?.tasks ?? [])
                let now = clock.now
                if let text = pace.answered() { note(.platform, text) }
                writer.record(
                    Changes.between(
                        last, snapshot, at: now, zones: system.zones, balanced: system.balancedService))
                if !snapshot.nodes.isEmpty, snapshot.nodes != last?.nodes { onNodes?(snapshot.nodes) }
                last = snapshot
                writer.record(await metrics.look())
                writer.record(await logs.look(snapshot.services))
            } catch {
                if Task.isCancelled { return }
                if let text = pace.failed(error) { note(.warning, text) }
            }
            do {
                try await clock.sleep(until: started + pace.wait)
            } catch {
                // Cancelled while waiting: the end of the watch.
                return
            }
        }
    }

    private func note(_ kind: Event.Kind, _ text: String) {
        writer.record(.event(Event(at: clock.now, kind: kind, subject: "watch", text: text)))
    }
}

/// How long to wait until the next look, and whether its failure is news.
package struct WatchPace: Sendable {
    /// Throttled calls are asked less and less often, down to once a minute.
    package static let waitMax = Nanoseconds.seconds(60)

    private let interval: Nanoseconds
    private var isFailing = false
    package private(set) var wait: Nanoseconds

    package init(interval: Nanoseconds) {
        self.interval = interval
        wait = interval
    }

    /// What to tell: only the first failure in a row is news.
    package mutating func failed(_ error: AWSError) -> String? {
        if error.isThrottling { wait = min(wait * 2, max(Self.waitMax, interval)) }
        defer { isFailing = true }
        return isFailing ? nil : "the platform cannot be watched: \(error)"
    }

    /// What to tell: the end of a failure. The pace is regained by halves, not at once.
    package mutating func answered() -> String? {
        wait = max(wait / 2, interval)
        defer { isFailing = false }
        return isFailing ? "the platform is watched again" : nil
    }
}
