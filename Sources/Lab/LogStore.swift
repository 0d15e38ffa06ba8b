import Synchronization

/// What CloudWatch Logs keeps: groups of streams of lines, each with the time it arrived at.
///
/// In memory and bounded; the lab's folder `logs` has the same lines in files, and all of them.
package final class LogStore: Sendable {
    struct Event: Hashable, Sendable {
        /// Counts up over the whole store: later is larger.
        let number: Int
        /// Milliseconds since 1970, as all times of CloudWatch Logs.
        let at: Int
        let message: String
    }

    struct Stream: Hashable, Sendable {
        let name: String
        let createdAt: Int
        var events: [Event] = []
        var bytes = 0
    }

    struct Group: Hashable, Sendable {
        let name: String
        let createdAt: Int
        /// In order of creation.
        var streams: [Stream] = []
    }

    static let eventsPerStreamMax = 2_000
    static let streamsPerGroupMax = 200
    /// CloudWatch cuts longer ones as well.
    static let messageBytesMax = 16_384

    private struct State {
        var groups: [String: Group] = [:]
        var count = 0
    }

    private let state = Mutex(State())
    private let clock: any LabClock

    package init(clock: any LabClock) { self.clock = clock }

    private var now: Int { Int(clock.calendar(clock.now) * 1000) }

    func makeGroup(_ name: String) {
        let group = Group(name: name, createdAt: now)
        state.withLock { if $0.groups[name] == nil { $0.groups[name] = group } }
    }

    /// By name.
    var groups: [Group] { state.withLock { $0.groups.values.sorted { $0.name < $1.name } } }

    func group(_ name: String) -> Group? { state.withLock { $0.groups[name] } }

    /// Opens the stream, so that it is there before its first line. The group must be there.
    func open(_ place: ContainerSettings.LogPlace) {
        let time = now
        state.withLock { state in
            guard var group = state.groups[place.group],
                !group.streams.contains(where: { $0.name == place.stream })
            else { return }
            group.streams.append(Stream(name: place.stream, createdAt: time))
            if group.streams.count > Self.streamsPerGroupMax { group.streams.removeFirst() }
            state.groups[place.group] = group
        }
    }

    /// Lines of a stream that was opened; those of another are dropped.
    func append(_ lines: [String], to place: ContainerSettings.LogPlace) {
        let time = now
        state.withLock { state in
            guard let streams = state.groups[place.group]?.streams,
                let index = streams.lastIndex(where: { $0.name == place.stream })
            else { return }
            for line in lines where !line.isEmpty {
                state.count += 1
                let message = line.utf8.count > Self.messageBytesMax ? String(line.prefix(4_096)) : line
                let event = Event(number: state.count, at: time, message: message)
                state.groups[place.group]?.streams[index].events.append(event)
                state.groups[place.group]?.streams[index].bytes += message.utf8.count
            }
            // A quarter at once: one by one would move the whole list with every line.
            let extra =
                (state.groups[place.group]?.streams[index].events.count ?? 0) - Self.eventsPerStreamMax
            if extra > 0 {
                state.groups[place.group]?.streams[index].events.removeFirst(
                    extra + Self.eventsPerStreamMax / 4)
            }
        }
    }
}
