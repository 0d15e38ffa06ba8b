import Plan

/// The tasks of one service in a simulation. Times are real seconds since the start of the load.
struct SimulatedFleet {
    struct Task: Hashable {
        var id: Int
        var zone: String
        /// Serves from here on.
        var ready: Double
        /// Its queue is empty from here on.
        var free = 0.0
    }

    let service: System.Service
    private(set) var desired: Int
    private(set) var tasks: [Task] = []
    private var made = 0
    private var turn = 0

    init(_ service: System.Service, zones: [String]) {
        self.service = service
        desired = service.tasks.lowerBound
        for _ in 0..<desired { add(ready: -1, zones: zones) }
    }

    /// In the zone with the fewest.
    private mutating func add(ready: Double, zones: [String]) {
        guard let zone = zones.min(by: { count(in: $0) < count(in: $1) }) else { return }
        tasks.append(Task(id: made, zone: zone, ready: ready))
        made += 1
    }

    func count(in zone: String) -> Int { tasks.count { $0.zone == zone } }

    /// Wants another number: more start, the newest of the fullest zone go.
    mutating func want(_ count: Int, zones: [String], ready: Double) {
        desired = count
        fill(zones: zones, ready: ready)
        while tasks.count > desired {
            guard
                let full = Set(tasks.map(\.zone)).max(by: {
                    (self.count(in: $0), $0) < (self.count(in: $1), $1)
                }),
                let place = tasks.lastIndex(where: { $0.zone == full })
            else { return }
            tasks.remove(at: place)
        }
    }

    /// Starts what is missing.
    mutating func fill(zones: [String], ready: Double) {
        while tasks.count < desired, !zones.isEmpty { add(ready: ready, zones: zones) }
    }

    /// They end at once.
    mutating func kill(_ count: Int, zone: String?) {
        for _ in 0..<count {
            guard let place = tasks.firstIndex(where: { zone == nil || $0.zone == zone }) else { return }
            tasks.remove(at: place)
        }
    }

    func serving(_ now: Double, in zone: String? = nil) -> Int {
        tasks.count { $0.ready <= now && (zone == nil || $0.zone == zone) }
    }

    /// The place of the next task that is fit, one after the other; nil: none is.
    mutating func next(where isFit: (Task) -> Bool) -> Int? {
        for step in 1...max(1, tasks.count) where !tasks.isEmpty {
            let place = (turn + step) % tasks.count
            if isFit(tasks[place]) {
                turn = place
                return place
            }
        }
        return nil
    }

    /// Puts a request that takes so long into the task's queue; returns how long it waits.
    mutating func serve(_ place: Int, at now: Double, for time: Double) -> Double {
        let begin = max(now, tasks[place].free)
        tasks[place].free = begin + time
        return begin - now
    }
}
