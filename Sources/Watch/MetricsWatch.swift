import AWS
import History
import Plan

/// Asks CloudWatch and Application Auto Scaling what is new: datapoints, changed alarms, services that were scaled.
///
/// Every datapoint carries its own time, so asking late loses nothing; it is asked about four times a minute of the
/// scenario's clock, at most every second, and on AWS once a minute.
struct MetricsWatch {
    private struct Series {
        let query: CloudWatch.Query
        let metric: PlatformSample.Metric
        let subject: String
    }

    private let system: System
    private let platform: AWSPlatform
    private let stoppingAlarms: [String]
    private let speed: Double
    private let clock: any RunClock
    private let calendar: CalendarTime
    private var series: [Series] = []
    private var alarmNames: [String]?
    private var alarms: [String: CloudWatch.Alarm]?
    private var activities: [String: ApplicationAutoScaling.Activity]?
    /// The beginning of the newest datapoint of each series.
    private var newest: [Int: Double] = [:]
    private var next = Nanoseconds.zero
    private var isFailing = false

    /// A lab's metrics begin with the lab: of before the run this much is asked for.
    private static let minutesBefore = 3.0
    /// What CloudWatch publishes late is still found: this much is asked for again.
    private static let minutesAgain = 3.0

    init(
        system: System, platform: AWSPlatform, stoppingAlarms: [String] = [], speed: Double,
        clock: any RunClock
    ) {
        self.system = system
        self.stoppingAlarms = stoppingAlarms
        self.platform = platform
        self.speed = speed
        self.clock = clock
        calendar = CalendarTime(platform: platform, clock: clock)
        next = clock.now
    }

    private var minute: Double { 60 / speed }

    /// What is new, if it is time to ask.
    mutating func look() async -> [Entry] {
        guard clock.now >= next else { return [] }
        // An alarm that stops the run cannot wait for the metrics.
        let pause = platform.isLoopback ? max(1, minute / 4) : stoppingAlarms.isEmpty ? 60 : 10
        next = clock.now + .seconds(pause)
        do {
            if alarmNames == nil { try await prepare() }
            let entries = try await datapoints() + alarmEvents() + activityEvents()
            isFailing = false
            return entries
        } catch {
            defer { isFailing = true }
            if isFailing || Task.isCancelled { return [] }
            let text = "metrics and scaling cannot be watched: \(error)"
            return [.event(Event(at: clock.now, kind: .warning, subject: "watch", text: text))]
        }
    }

    private mutating func prepare() async throws(AWSError) {
        let resources = system.services.map {
            ApplicationAutoScaling.resource(cluster: system.cluster, service: $0.name)
        }
        let policies = try await platform.autoScaling.describeScalingPolicies()
        let balancers = try await platform.elb.describeLoadBalancers(names: [system.balancer])
        for service in system.services {
            let dimensions = ["ClusterName": system.cluster, "ServiceName": service.name]
            add("AWS/ECS", "CPUUtilization", dimensions, "Average", .cpuUtilization, service.name)
            add("AWS/ECS", "MemoryUtilization", dimensions, "Average", .memoryUtilization, service.name)
        }
        // `app/NAME/KEY`: what comes after the word loadbalancer in its ARN.
        if let name = balancers.first?.arn.split(separator: "/", maxSplits: 1).last {
            let dimensions = ["LoadBalancer": String(name)]
            for (metric, statistic, kind) in [
                ("RequestCount", "Sum", PlatformSample.Metric.balancerRequests),
                ("HTTPCode_Target_5XX_Count", "Sum", .targetErrors),
                ("HTTPCode_ELB_5XX_Count", "Sum", .balancerErrors),
                ("TargetResponseTime", "Average", .targetResponseTime),
            ] { add("AWS/ApplicationELB", metric, dimensions, statistic, kind, system.balancer) }
        }
        if let database = system.database {
            let dimensions = ["DBInstanceIdentifier": database]
            add("AWS/RDS", "CPUUtilization", dimensions, "Average", .cpuUtilization, database)
            add("AWS/RDS", "DatabaseConnections", dimensions, "Average", .databaseConnections, database)
        }
        let scaling = policies.filter { resources.contains($0.resource) }.flatMap(\.alarms)
        alarmNames = scaling + stoppingAlarms.filter { !scaling.contains($0) }
    }

    private mutating func add(
        _ namespace: String, _ name: String, _ dimensions: [String: String], _ statistic: String,
        _ metric: PlatformSample.Metric, _ subject: String
    ) {
        series.append(
            Series(
                query: CloudWatch.Query(namespace, name, dimensions, statistic), metric: metric,
                subject: subject))
    }

    private mutating func datapoints() async throws(AWSError) -> [Entry] {
        let now = calendar.wall
        let start =
            newest.values.max().map { $0 - Self.minutesAgain * minute } ?? now - Self.minutesBefore * minute
        let found = try await platform.cloudWatch.getMetricData(series.map(\.query), from: start, to: now)
        var entries: [Entry] = []
        for (place, points) in found.enumerated() {
            for point in points where point.time > (newest[place] ?? 0) + minute / 2 {
                newest[place] = point.time
                entries.append(
                    .platform(
                        PlatformSample(
                            at: calendar.onRun(point.time + minute), metric: series[place].metric,
                            service: series[place].subject, value: point.value)))
            }
        }
        return entries
    }

    /// An alarm that has changed. Those of the first look are history of before the run.
    private mutating func alarmEvents() async throws(AWSError) -> [Entry] {
        let now = try await platform.cloudWatch.describeAlarms(names: alarmNames ?? [])
        defer { alarms = Dictionary(now.map { ($0.name, $0) }, uniquingKeysWith: { $1 }) }
        return now.compactMap { alarm in
            guard let old = alarms?[alarm.name], old.state != alarm.state else { return nil }
            return .event(
                .alarm(
                    alarm.name, at: calendar.onRun(alarm.since), from: old.state, to: alarm.state,
                    because: alarm.reason))
        }
    }

    private mutating func activityEvents() async throws(AWSError) -> [Entry] {
        let now = try await platform.autoScaling.describeScalingActivities()
        defer { activities = Dictionary(now.map { ($0.id, $0) }, uniquingKeysWith: { $1 }) }
        guard let activities else { return [] }
        return now.reversed().flatMap { activity -> [Entry] in
            let service = system.services.first {
                ApplicationAutoScaling.resource(cluster: system.cluster, service: $0.name)
                    == activity.resource
            }
            guard let service else { return [] }
            let old = activities[activity.id]
            var entries: [Entry] = []
            if old == nil {
                entries.append(
                    event(activity.start, service.name, "\(activity.description) \(activity.cause)"))
            }
            if let end = activity.end, old?.end == nil {
                entries.append(event(end, service.name, activity.message))
            }
            return entries
        }
    }

    private func event(_ time: Double, _ subject: String, _ text: String) -> Entry {
        .event(Event(at: calendar.onRun(time), kind: .platform, subject: subject, text: text))
    }
}
