import Synchronization

/// A plain HTTP client for APIs and probes: one request, one whole answer. The load itself does not go through it.
///
/// It follows no redirect and uses no proxy. Up to `lanes` exchanges run at once, each on a thread of Dispatch and
/// never on the cooperative pool; further ones wait in the order in which they came. Connections are kept and reused.
package final class Client: Sendable {
    private struct Waiter {
        var id: UInt64
        var continuation: CheckedContinuation<ClientLane?, Never>
    }

    private struct State {
        var idle: [ClientLane] = []
        var made = 0
        var nextID: UInt64 = 0
        var waiters: [Waiter] = []
        /// Ids that neither wait nor were cancelled yet.
        var undecided: Set<UInt64> = []
    }

    private enum Turn {
        case lane(ClientLane?)
        case make(Int)
        case wait
    }

    private let lanes: Int
    private let state = Mutex(State())

    /// `lanes`: how many exchanges may run at once; each costs a libcurl handle and, while it runs, a thread.
    package init(lanes: Int = 8) { self.lanes = max(1, lanes) }

    /// Sends the request and reads the whole answer; any HTTP status is an answer. Cancelling the task ends it at once.
    package func send(_ request: ClientRequest) async throws(ClientError) -> ClientResponse {
        guard !Task.isCancelled else {
            throw ClientError(kind: .cancelled, request, reason: "cancelled before it was sent")
        }
        guard let lane = await takeLane() else {
            throw Task.isCancelled
                ? ClientError(
                    kind: .cancelled, request, reason: "cancelled while waiting for a free connection")
                : ClientError(
                    kind: .badRequest, request, reason: "libcurl could not make a handle: out of memory?")
        }
        let transfer = ClientTransfer(request)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                lane.start(transfer) { continuation.resume(returning: $0) }
            }
        } onCancel: {
            lane.cancel(transfer)
        }
        giveBack(lane)
        return try result.get()
    }

    /// nil: the task was cancelled, or libcurl has no handle to give.
    private func takeLane() async -> ClientLane? {
        let id = state.withLock { state in
            state.nextID += 1
            state.undecided.insert(state.nextID)
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let turn: Turn = state.withLock { state in
                    guard state.undecided.remove(id) != nil else { return .lane(nil) }
                    if let lane = state.idle.popLast() { return .lane(lane) }
                    if state.made < lanes {
                        state.made += 1
                        return .make(state.made)
                    }
                    state.waiters.append(Waiter(id: id, continuation: continuation))
                    return .wait
                }
                switch turn {
                case .lane(let lane): continuation.resume(returning: lane)
                case .make(let number): continuation.resume(returning: make(number))
                case .wait: break
                }
            }
        } onCancel: {
            let waiter: Waiter? = state.withLock { state in
                if state.undecided.remove(id) != nil { return nil }
                guard let at = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiters.remove(at: at)
            }
            waiter?.continuation.resume(returning: nil)
        }
    }

    private func make(_ number: Int) -> ClientLane? {
        if let lane = ClientLane(number: number) { return lane }
        state.withLock { $0.made -= 1 }
        return nil
    }

    private func giveBack(_ lane: ClientLane) {
        let waiter: Waiter? = state.withLock { state in
            if state.waiters.isEmpty {
                state.idle.append(lane)
                return nil
            }
            return state.waiters.removeFirst()
        }
        waiter?.continuation.resume(returning: lane)
    }
}

extension ClientError {
    /// With host and port taken from the request's URL.
    init(kind: Kind, _ request: ClientRequest, reason: String) {
        let rest = request.url.components(after: "://").prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let authority = rest.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let isSecure = request.url.lowercased().hasPrefix("https:")
        let colon = authority.lastIndex(of: ":").flatMap { authority[$0...].contains("]") ? nil : $0 }
        self.init(
            kind: kind, host: String(colon.map { authority[..<$0] } ?? authority),
            port: colon.flatMap { Int(authority[authority.index(after: $0)...]) } ?? (isSecure ? 443 : 80),
            reason: reason)
    }
}

extension String {
    /// What follows the first `separator`, or all of it.
    fileprivate func components(after separator: String) -> Substring {
        firstRange(of: separator).map { self[$0.upperBound...] } ?? self[...]
    }
}
