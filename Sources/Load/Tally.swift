import History
import Plan
import Synchronization

/// What one worker counted since its last hand-over, by due second and route.
///
/// Rows are handed over whole and come back emptied, so that counting neither allocates nor locks. One thread
/// owns it.
final class Tally {
    typealias Row = UnsafeMutablePointer<LoadSecond>

    /// Rows between worker and bookkeeper. Each is owned by one of the two, and moves through a lock.
    final class Pool: @unchecked Sendable {
        // Thread safety: a row is in the pool, or with one owner; the mutex orders the moves.
        private let free = Mutex<[UInt]>([])
        private let hops: Int

        init(hops: Int) { self.hops = hops }

        deinit { for address in free.withLock({ $0 }) { Self.release(address) } }

        func take() -> Row {
            if let address = free.withLock({ $0.popLast() }), let row = Row(bitPattern: address) {
                return row
            }
            let row = Row.allocate(capacity: 1)
            var empty = LoadSecond(second: 0, route: 0, hops: hops)
            empty.changeHistograms { $0.makeRoom() }
            row.initialize(to: empty)
            return row
        }

        func put(_ rows: [Row]) {
            for row in rows { row.pointee.empty() }
            free.withLock { $0 += rows.map { UInt(bitPattern: $0) } }
        }

        private static func release(_ address: UInt) {
            guard let row = Row(bitPattern: address) else { return }
            row.deinitialize(count: 1)
            row.deallocate()
        }
    }

    private let pool: Pool
    private let routes: Int
    /// How many due seconds can be open at once: a ring of them.
    private let span: Int
    private let ring: UnsafeMutablePointer<Row?>
    private var live: [Row] = []

    init(routes: Int, span: Int, pool: Pool) {
        self.routes = routes
        self.span = span
        self.pool = pool
        ring = .allocate(capacity: span * routes)
        ring.initialize(repeating: nil, count: span * routes)
        live.reserveCapacity(span * routes)
    }

    deinit {
        pool.put(live)
        ring.deallocate()
    }

    @inline(__always)
    func row(due: Nanoseconds, route: Int) -> Row {
        let second = Int(due.count / 1_000_000_000)
        let cell = ring + (second % span * routes + route)
        if let row = cell.pointee, row.pointee.second == second { return row }
        return start(cell, second, route)
    }

    private func start(_ cell: UnsafeMutablePointer<Row?>, _ second: Int, _ route: Int) -> Row {
        let row = pool.take()
        row.pointee.second = second
        row.pointee.route = route
        live.append(row)
        cell.pointee = row
        return row
    }

    /// Everything counted, leaving the tally empty.
    func handOver() -> [Row] {
        let rows = live
        live = []
        live.reserveCapacity(span * routes)
        for row in rows { ring[row.pointee.second % span * routes + row.pointee.route] = nil }
        return rows
    }
}

extension LoadSecond {
    /// Back to nothing, keeping the storage.
    mutating func empty() {
        planned = 0
        sent = 0
        dropped = 0
        ok = 0
        failed = 0
        unfinished = 0
        droppedByUs = 0
        newConnections = 0
        bytesReceived = 0
        failures.removeAll(keepingCapacity: true)
        changeHistograms { $0.reset() }
    }

    /// Adds what a worker counted. What is sent and has not ended is unfinished.
    mutating func add(_ part: LoadSecond) {
        planned += part.planned
        // A request that was taken back counts less than nothing in the part it was taken back in.
        sent &+= part.sent
        newConnections &+= part.newConnections
        dropped += part.dropped
        ok += part.ok
        failed += part.failed
        droppedByUs += part.droppedByUs
        bytesReceived += part.bytesReceived
        for failure in part.failures { failures.add(failure) }
        okLatency.merge(part.okLatency)
        okServiceTime.merge(part.okServiceTime)
        failedLatency.merge(part.failedLatency)
        failedServiceTime.merge(part.failedServiceTime)
        for place in part.hops.indices {
            if place == hops.count { hops.append(LatencyHistogram()) }
            hops[place].merge(part.hops[place])
        }
        unfinished = sent - ok - failed
    }
}
