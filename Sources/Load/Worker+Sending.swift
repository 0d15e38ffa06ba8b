import HTTP
import History
import Plan
import Synchronization

/// From due to sent: the schedule, the slots, the first bytes.
extension Worker {
    /// Everything that is due now, in the order of the schedule.
    func takeUp() {
        guard isSending else { return }
        if users != nil { return takeUpUsers() }
        guard takeUpParked() else { return }
        let now = clock.now
        // An answer may have woken us before the batch is full.
        guard let first = nextDue, sendTime(due: first) <= now else { return }
        // What falls due during this pass waits for the next, or a load over our capacity would never be
        // read. So does what needs a connection when many were begun: those of the answers that have come are free by
        // then, and a dial costs more than a request.
        dialsBegun = 0
        while let due = nextDue, due <= now, dialsBegun < Self.dialsPerPass {
            let route = renderer.route(of: cursor)
            if now - due >= routes[route].deadline {
                drop(cursor, due, route, byUs: !waitedForSlot(due))
            } else if routes[route].isTracked && (parked != nil || !isInLedger(cursor)) {
                if parked == nil { parked = cursor }
            } else {
                guard let slot = freeSlot(node: controls.node(for: cursor, of: endpoints.count)) else {
                    return
                }
                start(slot, cursor, route, due: due)
            }
            advance()
        }
    }

    /// Whether a request due then was kept by the system, whose answers free the slots, and not by us.
    private func waitedForSlot(_ due: Nanoseconds) -> Bool { isExhausted || due <= exhaustedUntil }

    private func advance() {
        cursor += UInt64(job.of)
        let due = nextDue
        nextDue = schedule?.due(cursor)
        if let due, let nextDue { gap = nextDue - due }
    }

    /// When a request that is due then is sent: it waits for those behind it, if they are so close, as to be woken for
    /// each costs more than to send it. It is in the lateness, as every delay is.
    func sendTime(due: Nanoseconds) -> Nanoseconds {
        guard gap > .zero, gap <= Self.batchingLimit else { return due }
        return due + Nanoseconds(Self.batchingLimit.count / gap.count * gap.count)
    }

    private func isInLedger(_ index: UInt64) -> Bool {
        index < controls.ledgerHorizon.load(ordering: .acquiring)
    }

    /// Tracked requests that waited for their ledger rows. False: no slot is free.
    private func takeUpParked() -> Bool {
        while let index = parked {
            guard index < cursor, let due = schedule?.due(index) else {
                parked = nil
                return true
            }
            let route = renderer.route(of: index)
            if routes[route].isTracked {
                let now = clock.now
                if now - due >= routes[route].deadline {
                    drop(index, due, route, byUs: !isInLedger(index) || !waitedForSlot(due))
                } else {
                    guard isInLedger(index) else { return true }
                    guard let slot = freeSlot(node: controls.node(for: index, of: endpoints.count)) else {
                        return false
                    }
                    start(slot, index, route, due: due)
                }
            }
            parked = index + UInt64(job.of)
        }
        return true
    }

    /// Closed load: each user who has thought about its last answer sends its next request.
    func takeUpUsers() {
        guard let users, isSending else { return }
        while true {
            let now = clock.now
            guard users.areWanted(at: now) else { return }
            guard now < loadEnd else {
                isSending = false
                return
            }
            let user = users.next
            let route = visits?.nextStep(of: user) ?? renderer.route(of: cursor)
            if routes[route].isTracked {
                publishProgress()
                guard isInLedger(cursor) else { return }
            }
            guard let slot = freeSlot(node: nil) else { return }
            users.begin()
            slots[slot].user = user
            start(slot, cursor, route, due: now)
            cursor += UInt64(job.of)
        }
    }

    private func publishProgress() {
        controls.progress.max(cursor, ordering: .acquiringAndReleasing)
    }

    // MARK: - Slots

    /// A slot with an idle connection to the node, or else without a connection. nil: all are in flight.
    ///
    /// No node: any idle connection will do, the warmest first.
    private func freeSlot(node: Int?) -> Int? {
        if let node {
            if let slot = idle[node].takeLast(slots) { return slot }
        } else {
            for i in idle.indices {
                if let slot = idle[i].takeLast(slots) { return slot }
            }
        }
        if let slot = empty.takeLast(slots) ?? makeSlot() {
            slots[slot].node = node ?? slot % endpoints.count
            return slot
        }
        // All connections are idle ones of other nodes, or in flight.
        for i in idle.indices {
            guard let slot = idle[i].takeLast(slots) else { continue }
            disconnect(slot)
            slots[slot].node = node ?? i
            return slot
        }
        isExhausted = true
        return nil
    }

    private func makeSlot() -> Int? {
        guard made < job.limit else { return nil }
        (slots + made).initialize(to: Slot(bodyLimit: job.target.bodyLimit))
        slots[made].parser.timing = timings.reader(made)
        made += 1
        return made - 1
    }

    func disconnect(_ slot: Int) {
        if slots[slot].state == .carried, let multiplexer { took(multiplexer.cancel(slot), slot) }
        guard let connection = slots[slot].connection else { return }
        if slots[slot].state != .dialling { connections -= 1 }
        dialer.close(connection)
        slots[slot].connection = nil
        slots[slot].state = .empty
        slots[slot].generation = (slots[slot].generation + 1) & 0x7FFF_FFFF
    }

    // MARK: - One request

    private func drop(_ index: UInt64, _ due: Nanoseconds, _ route: Int, byUs: Bool) {
        let row = tally.row(due: due, route: route)
        row.pointee.planned += 1
        row.pointee.dropped += 1
        if byUs { row.pointee.droppedByUs += 1 }
        if routes[route].isTracked { mark(index, .dropped, clock.now) }
    }

    /// What no slot was found for until the end of the drain.
    func dropWaiting() {
        while let index = parked, index < cursor, let due = schedule?.due(index) {
            let route = renderer.route(of: index)
            if routes[route].isTracked {
                drop(index, due, route, byUs: !isInLedger(index) || !waitedForSlot(due))
            }
            parked = index + UInt64(job.of)
        }
        while let due = nextDue {
            drop(cursor, due, renderer.route(of: cursor), byUs: !waitedForSlot(due))
            advance()
        }
    }

    /// Takes the request up: from here on it is sent, and its wire time runs, dialling included.
    private func start(_ slot: Int, _ index: UInt64, _ route: Int, due: Nanoseconds) {
        let sent = schedule == nil ? due : clock.now
        let row = tally.row(due: due, route: route)
        row.pointee.planned += 1
        row.pointee.sent += 1
        if schedule != nil, !waitedForSlot(due) { lateness.record(sent - due) }
        inFlight += 1
        let isConnected = slots[slot].connection != nil
        slots[slot].index = index
        slots[slot].route = route
        slots[slot].due = due
        slots[slot].sent = sent
        slots[slot].sentBytes = 0
        slots[slot].resends = 0
        slots[slot].received = 0
        slots[slot].isReused = isConnected
        slots[slot].parser.reset(isHead: routes[route].isHead)
        flying[routes[route].timeoutList].append(slot, slots)
        visits?.prepare(slots + slot, slot)
        chains?.prepare(slots + slot, slot, routes[route])
        if let multiplexer {
            carry(slot, multiplexer)
        } else if isConnected {
            slots[slot].state = .sending
            send(slot)
        } else {
            row.pointee.newConnections += 1
            dial(slot)
        }
    }

    func dial(_ slot: Int) {
        dialsBegun += 1
        let node = slots[slot].node
        slots[slot].state = .dialling
        slots[slot].remote = node < job.target.addresses.count ? node : 0
        let timeout = Int(routes[slots[slot].route].timeout.inMilliseconds.rounded(.up))
        slots[slot].connection = dialer.dial(endpoints[node], slot: slot, timeoutMilliseconds: timeout)
        if slots[slot].connection == nil { withdraw(slot) }
    }

    func finishDials() {
        while let finished = dialer.nextFinished() {
            let slot = finished.slot
            guard slots[slot].state == .dialling, var connection = slots[slot].connection else { continue }
            if job.target.addresses.isEmpty { slots[slot].remote = name(connection.remoteAddress) }
            if let failure = finished.failure, failure.isOurs {
                withdraw(slot)
            } else if let failure = finished.failure {
                fail(slot, FailureClass(failure.stage))
            } else if dialer.handOver(&connection, token: token(slot)) {
                slots[slot].connection = connection
                slots[slot].state = .sending
                slots[slot].connectedAt = clock.now
                connections += 1
                send(slot)
            } else {
                fail(slot, .reset)
            }
        }
    }

    private func token(_ slot: Int) -> UInt64 { UInt64(slots[slot].generation) << 32 | UInt64(slot) }

    func name(_ address: String) -> Int {
        if let known = names.firstIndex(of: address) { return known }
        names.append(address)
        return names.count - 1
    }

    /// The slot's request, until the next is asked for.
    func text(of slot: Int) -> UnsafeRawBufferPointer {
        if let redirect = chains?.redirect(of: slot) { return text(of: slot, at: redirect) }
        if let visits { return text(of: slot, visits) }
        if let constant = renderer.constant(route: slots[slot].route) { return constant }
        renderer.render(slots[slot].index, into: &request, scratch: scratch)
        return request.bytes
    }

    private func text(of slot: Int, _ visits: Visits) -> UnsafeRawBufferPointer {
        let visit = visits.visit(of: slots[slot].user)
        if visit.pointee.jar.count == 0, let constant = renderer.constant(route: slots[slot].route) {
            return constant
        }
        renderer.render(slots[slot].index, slots[slot].route, of: visit, into: &request, scratch: scratch)
        return request.bytes
    }

    /// What is left of the request, as far as the socket takes it. It is rendered again rather than kept.
    func send(_ slot: Int) {
        guard let connection = slots[slot].connection else { return }
        let bytes = text(of: slot)
        let hadToWait = slots[slot].sentBytes > 0
        while slots[slot].sentBytes < bytes.count {
            switch connection.send(UnsafeRawBufferPointer(rebasing: bytes[slots[slot].sentBytes...])) {
            case .bytes(let count): slots[slot].sentBytes += count
            case .wouldBlock:
                dialer.watch(connection, writing: true, token: token(slot))
                return
            case .closed: return fail(slot, slots[slot].isReused ? .reusedReset : .reset)
            }
        }
        slots[slot].state = .receiving
        if hadToWait { dialer.watch(connection, writing: false, token: token(slot)) }
    }
}

extension FailureClass {
    /// There was no connection to send anything by.
    var isOfDial: Bool {
        switch self {
        case .dns, .connect, .tls: true
        default: false
        }
    }

    init(_ stage: DialFailure.Stage) {
        switch stage {
        case .dns: self = .dns
        case .connect: self = .connect
        case .tls: self = .tls
        }
    }
}
