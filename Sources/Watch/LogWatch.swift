package import AWS
package import History
package import Plan

/// Asks CloudWatch Logs for what the services' tasks complain of, until it is cancelled. Beside the platform's watch:
/// logs may take long to search, and tasks must not go unseen meanwhile.
package struct LogWatch: Sendable {
    private let system: System
    private let platform: AWSPlatform
    private let clock: any RunClock
    private let writer: any HistoryWriter

    package init(system: System, platform: AWSPlatform, clock: any RunClock, writer: any HistoryWriter) {
        self.system = system
        self.platform = platform
        self.clock = clock
        self.writer = writer
    }

    package func run() async {
        var reader = LogReader(platform: platform, clock: clock)
        let interval = platform.isLoopback ? Nanoseconds.seconds(5) : .seconds(30)
        let loop = WatchLoop(what: "the tasks' log", interval: interval, clock: clock, writer: writer)
        await loop.run { () async throws(AWSError) in
            // As they are now: a deployment may change where they write.
            let services = try await platform.ecs.describeServices(
                cluster: system.cluster, system.services.map(\.name))
            for service in services { writer.record(try await reader.complaints(of: service)) }
        }
    }
}

/// What the services' logs have that is new.
///
/// Only a pattern of usual words of trouble is asked for, and of each look at most `linesMax` lines a service are kept:
/// a run that fails should say why, not copy its logs.
struct LogReader {
    /// Any of these words. Case counts in a filter pattern.
    static let pattern = """
        ?error ?Error ?ERROR ?warn ?Warning ?WARN ?WARNING ?critical ?CRITICAL ?fatal ?FATAL ?emerg \
        ?panic ?Exception
        """
    static let linesMax = 20
    /// Characters of a line that are kept.
    static let lengthMax = 400

    private let platform: AWSPlatform
    private let clock: any RunClock
    private let calendar: CalendarTime
    /// Where the tasks of each revision write; nil: nowhere.
    private var places: [String: ContainerLog?] = [:]
    /// What was read already of each service, of the time that is asked for again.
    private var known: [String: Set<CloudWatchLogs.Line>] = [:]
    /// From when on each service's lines are asked for next.
    private var since: [String: Double] = [:]
    private let start: Double

    /// Lines arrive late and out of order: this much is asked for again.
    private static let secondsAgain = 30.0

    init(platform: AWSPlatform, clock: any RunClock) {
        self.platform = platform
        self.clock = clock
        calendar = CalendarTime(platform: platform, clock: clock)
        start = calendar.wall
    }

    mutating func complaints(of service: ECSService) async throws(AWSError) -> [Entry] {
        guard let place = try await place(of: service), let group = place.group else { return [] }
        return try await lines(of: service.name, in: group, streams: place.stream(of: ""))
    }

    private mutating func place(of service: ECSService) async throws(AWSError) -> ContainerLog? {
        // A service of task sets has no revision of its own.
        guard !service.taskDefinition.isEmpty else { return nil }
        if let place = places[service.taskDefinition] { return place }
        let place = try await platform.ecs.describeTaskDefinition(service.taskDefinition).log
        places[service.taskDefinition] = place
        return place
    }

    private mutating func lines(
        of service: String, in group: String, streams: String?
    ) async throws(AWSError) -> [Entry] {
        let asked = calendar.wall
        let (found, hasMore) = try await platform.logs.lines(
            group: group, streams: streams, matching: Self.pattern, since: since[service] ?? start)
        let fresh = found.filter { known[service]?.contains($0) != true }
        // In a flood what comes late is given up, or the same pages would be read for ever.
        let next = hasMore ? found.map(\.time).max() : nil
        since[service] = max(start, next ?? asked - Self.secondsAgain)
        known[service] = Set(found)
        var entries = fresh.prefix(Self.linesMax).map { line in
            // `PREFIX/CONTAINER/TASK`, as the awslogs driver names streams.
            let task = line.stream.split(separator: "/").last.map { String($0.prefix(8)) } ?? "?"
            let text = "task \(task): \(line.message.prefix(Self.lengthMax))"
            return Entry.event(
                Event(at: calendar.onRun(line.time), kind: .log, subject: service, text: text))
        }
        if fresh.count > Self.linesMax {
            let text = "\(fresh.count - Self.linesMax) more lines until now, in \(group)"
            entries.append(.event(Event(at: clock.now, kind: .log, subject: service, text: text)))
        }
        return entries
    }
}
