import Dispatch

/// Lets each packet that leaves a network namespace go a while after it came: what netem does, for kernels without it.
/// The rule that sends packets here is the namespace's own (`PacketQueue.rules`).
final class PacketDelay: @unchecked Sendable {
    // Thread safety: after init everything is touched on `work` only.

    /// How late, and by how much more or less at random.
    struct Amount: Hashable, Sendable {
        var milliseconds: Int
        var jitter: Int

        /// In netem's words.
        var netem: [String] { ["delay", "\(milliseconds)ms"] + (jitter > 0 ? ["\(jitter)ms"] : []) }
    }

    private struct Waiting {
        var packet: UInt32
        var due: DispatchTime
    }

    private var amount: Amount
    /// nil after `stop`.
    private var queue: PacketQueue?
    /// By due time.
    private var waiting: [Waiting] = []
    private let work = DispatchQueue(label: "loadchaos.lab.delay", qos: .userInteractive)
    private let arrivals: any DispatchSourceRead
    private let timer: any DispatchSourceTimer

    /// Works until `stop`.
    init(_ amount: Amount, network: Int32) throws(LabError) {
        self.amount = amount
        let queue = try PacketQueue(network: network)
        self.queue = queue
        arrivals = DispatchSource.makeReadSource(fileDescriptor: queue.socket, queue: work)
        timer = DispatchSource.makeTimerSource(flags: .strict, queue: work)
        arrivals.setEventHandler { self.turn() }
        timer.setEventHandler { self.turn() }
        // Not closed before Dispatch has let go of it.
        arrivals.setCancelHandler { self.queue = nil }
        arrivals.activate()
        timer.activate()
    }

    /// For what comes from now on.
    func change(to amount: Amount) {
        work.async { self.amount = amount }
    }

    /// What waits goes now. What comes while there is no queue passes at once.
    func stop() {
        work.async { [self] in
            turn(all: true)
            timer.cancel()
            arrivals.cancel()
        }
    }

    private func turn(all: Bool = false) {
        guard let queue else { return }
        let now = DispatchTime.now()
        for packet in queue.arrived() {
            let late = amount.milliseconds + Int.random(in: -amount.jitter...amount.jitter)
            let due = now + .milliseconds(max(0, late))
            // Nearly always the last.
            let place = (waiting.lastIndex { $0.due <= due } ?? -1) + 1
            waiting.insert(Waiting(packet: packet, due: due), at: place)
        }
        let ready = all ? waiting.count : waiting.prefix { $0.due <= .now() }.count
        for each in waiting.prefix(ready) { queue.letGo(each.packet) }
        waiting.removeFirst(ready)
        if let next = waiting.first { timer.schedule(deadline: next.due, leeway: .nanoseconds(0)) }
    }
}
