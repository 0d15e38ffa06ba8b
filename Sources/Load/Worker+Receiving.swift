import HTTP
import History
import Plan

/// From sent to done: answers, closes, timeouts.
extension Worker {
    /// A connection has news.
    func ready(_ slot: Int, _ event: Poller.Event) {
        switch slots[slot].state {
        case .idle:
            // Nothing was asked: the peer closed, or sends what nobody waits for.
            idle[slots[slot].node].remove(slot, slots)
            disconnect(slot)
            empty.append(slot, slots)
        case .sending, .receiving:
            if event.isReadable { receive(slot) }
            let isWaiting = slots[slot].state == .sending && slots[slot].connection != nil
            if isWaiting, event.isWritable { send(slot) }
        case .empty, .dialling, .carried: break
        }
    }

    private func receive(_ slot: Int) {
        guard let connection = slots[slot].connection else { return }
        // Level-triggered epoll brings us back for what is left, so that a long body does not keep the others
        // waiting. Not so under TLS, which may hold decrypted bytes that epoll cannot see.
        for _ in 0..<(isEncrypted ? Int.max : 64) {
            switch connection.receive(into: input) {
            case .wouldBlock: return
            case .closed: return ended(slot)
            case .bytes(let count):
                slots[slot].received += UInt64(count)
                let bytes = UnsafeRawBufferPointer(rebasing: input[..<count])
                switch slots[slot].parser.feed(bytes) {
                case .complete(let consumed): return answered(slot, isClean: consumed == count)
                case .failed: return fail(slot, .badResponse)
                case .incomplete: if count < input.count, !isEncrypted { return }
                }
            }
        }
    }

    /// The peer closed: an answer that ends so, a connection that had gone stale, or a broken one.
    private func ended(_ slot: Int) {
        if slots[slot].parser.hasStarted {
            if case .complete = slots[slot].parser.end() { return answered(slot, isClean: false) }
            return fail(slot, .reset)
        }
        fail(slot, slots[slot].isReused ? .reusedReset : .reset)
    }

    func answered(_ slot: Int, isClean: Bool) {
        let now = clock.now
        let route = slots[slot].route
        let status = slots[slot].parser.status
        let keeps = isClean && slots[slot].state == .receiving && slots[slot].parser.keepsConnection
        if let chains, routes[route].followsRedirects, Request.Redirects.lead(on: status) {
            return follow(slot, chains, now, keepsConnection: keeps)
        }
        var failure = routes[route].failure(
            status: status, hasServerTiming: slots[slot].parser.hasServerTiming)
        if routes[route].isTracked {
            let answer: LedgerEntry.Answer =
                failure == nil ? .acknowledged : (400..<500).contains(status) ? .failed : .indeterminate
            mark(slots[slot].index, answer, now)
        }
        if let visits { failure = collect(slot, visits, failure, now) }
        if failure == nil, now - slots[slot].due > routes[route].deadline { failure = .deadline }
        hops.record(slots[slot].parser.timing, in: tally.row(due: slots[slot].due, route: route))
        finish(slot, failure, status, now, keepsConnection: keeps)
    }

    func fail(_ slot: Int, _ failure: FailureClass) {
        let now = clock.now
        if routes[slots[slot].route].isTracked {
            // Before the dial is done nothing was sent: surely not done.
            let answer: LedgerEntry.Answer = failure.isOfDial ? .failed : .indeterminate
            mark(slots[slot].index, answer, now)
        }
        finish(slot, failure, slots[slot].parser.status, now, keepsConnection: false)
    }

    /// This machine could not dial: the request was not sent after all, and that is our doing.
    func withdraw(_ slot: Int) {
        let now = clock.now
        let row = tally.row(due: slots[slot].due, route: slots[slot].route)
        // In an earlier hand-over it may have been counted as sent: rows add up modulo 2^64.
        row.pointee.sent &-= 1
        row.pointee.newConnections &-= 1
        row.pointee.dropped += 1
        row.pointee.droppedByUs += 1
        withdrawn += 1
        visits?.move(slots[slot].user, slots[slot].route, isFailed: true)
        if routes[slots[slot].route].isTracked { mark(slots[slot].index, .dropped, now) }
        release(slot, now, false)
    }

    func finish(
        _ slot: Int, _ failure: FailureClass?, _ status: Int, _ now: Nanoseconds, keepsConnection: Bool
    ) {
        let route = slots[slot].route
        let row = tally.row(due: slots[slot].due, route: route)
        let latency = now - slots[slot].due
        let service = now - slots[slot].sent
        row.pointee.bytesReceived += slots[slot].received
        visits?.move(slots[slot].user, route, isFailed: failure != nil)
        if let failure {
            row.pointee.failed += 1
            row.pointee.failedLatency.record(latency)
            row.pointee.failedServiceTime.record(service)
            row.pointee.failures.add(
                FailureCount(
                    failure: failure, node: names[slots[slot].remote],
                    reusedConnection: slots[slot].isReused, status: status, count: 1))
        } else {
            row.pointee.ok += 1
            row.pointee.okLatency.record(latency)
            row.pointee.okServiceTime.record(service)
        }
        release(slot, now, keepsConnection)
    }

    private func release(_ slot: Int, _ now: Nanoseconds, _ keepsConnection: Bool) {
        flying[routes[slots[slot].route].timeoutList].remove(slot, slots)
        inFlight -= 1
        if isExhausted {
            isExhausted = false
            exhaustedUntil = now
        }
        if keepsConnection, isYoung(slot, now) {
            slots[slot].state = .idle
            idle[slots[slot].node].append(slot, slots)
        } else {
            disconnect(slot)
            slots[slot].state = .empty
            empty.append(slot, slots)
        }
        users?.end(slots[slot].index, of: slots[slot].user, at: now)
    }

    /// Its connection may carry another request.
    func isYoung(_ slot: Int, _ now: Nanoseconds) -> Bool {
        now - slots[slot].connectedAt < connectionLifetime
    }

    /// Requests that have had their wire time.
    func expire(_ now: Nanoseconds) {
        for list in flying.indices {
            while flying[list].head >= 0 {
                let slot = Int(flying[list].head)
                guard now - slots[slot].sent >= timeouts[list] else { break }
                if slots[slot].state == .dialling, let dial = slots[slot].connection {
                    fail(slot, FailureClass(dial.dialStage))
                } else if slots[slot].state == .carried, let stage = multiplexer?.stage(of: slot) {
                    fail(slot, FailureClass(stage))
                } else {
                    fail(slot, .timeout)
                }
            }
        }
    }

    /// The drain is over: what is open stays unfinished, what still waits for a slot was dropped.
    func cut() {
        let now = clock.now
        for list in flying.indices {
            while flying[list].head >= 0 {
                let slot = Int(flying[list].head)
                flying[list].remove(slot, slots)
                if routes[slots[slot].route].isTracked { mark(slots[slot].index, .indeterminate, now) }
                disconnect(slot)
            }
        }
        for node in idle.indices {
            while let slot = idle[node].takeLast(slots) { disconnect(slot) }
        }
        if stoppedAt == nil { dropWaiting() }
    }
}
