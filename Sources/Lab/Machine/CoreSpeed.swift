import Foundation
import Glibc
import Spawn

/// How fast a core of this machine is just now, and with it how much of one a vCPU of the lab is.
///
/// A Fargate vCPU does about the same work from one minute to the next; a core of a shared machine does not: the same
/// request was seen to need twice the CPU time a minute later. So the lab measures, and gives its tasks more time of a
/// slow core: a lab vCPU is an amount of work (docs/decisions/0002).
struct CoreSpeed: Sendable {
    /// Requests of `stack/core-speed.py` that one vCPU carries in a second. Half a vCPU then carries about the 100
    /// requests a second the document states for a Flask task: one of those costs about as much as two of these.
    static let requestsPerVCPU = 420.0
    /// CPU seconds of one request. Out of this range it is a hiccup of the measurement, not a speed.
    static let plausible = 0.000_1...0.005
    /// Until it has been measured.
    private static let typical = 0.000_8
    /// Of as many seconds: enough that one bad second does not matter, and no more, since a core's speed can halve
    /// within twenty.
    private static let kept = 7

    /// How much of the usual work a vCPU does: a lab's tasks can be made to carry more or less.
    let strength: Double

    private var measured: [Double] = []

    init(strength: Double = 1) { self.strength = strength }

    var coresPerVCPU: Double {
        let request = measured.isEmpty ? Self.typical : measured.sorted()[measured.count / 2]
        return request * Self.requestsPerVCPU * strength
    }

    mutating func note(_ seconds: Double) {
        guard Self.plausible.contains(seconds) else { return }
        measured.append(seconds)
        if measured.count > Self.kept { measured.removeFirst() }
    }
}

/// What CPU time the tasks get: by their size and by how fast a core is at the moment.
extension Machine {
    /// The quota comes with health: the start itself is not what the document speaks of.
    func limit(_ id: TaskID) {
        startMeter(of: id)
        guard let task = tasks[id], task.quota == nil else { return }
        setQuota(of: task)
    }

    /// Keeps a vCPU the same amount of work for as long as the lab is up.
    func followCoreSpeed() throws(LabError) {
        guard quotas != nil else { return }
        let (read, write) = try pipe()
        defer { close(write) }
        var program = Program("\(parts.venv)/bin/python3", ["-u", "\(parts.stack)/core-speed.py"])
        program.output = write
        do throws(LabError) { _ = try processes.spawn(program) } catch {
            close(read)
            throw error
        }
        let thread = Thread { [self] in
            // Ends with the process, and that with the lab: then the last speed known stands.
            for line in lines(of: read) {
                if let seconds = Double(line) { Task { await noteSpeed(seconds) } }
            }
        }
        thread.name = "lab core speed"
        thread.start()
    }

    private func noteSpeed(_ seconds: Double) {
        coreSpeed.note(seconds)
        for task in tasks.values {
            let wanted = quota(of: task)
            // A change under 5 % is not worth the throttling that starts anew with it.
            if let given = task.quota, abs(wanted - given) * 20 > given { setQuota(of: task) }
        }
    }

    func quota(of task: RunningTask) -> Int {
        CPUQuotas.quotaMicroseconds(cpu: task.launch.cpu, coresPerVCPU: coreSpeed.coresPerVCPU)
    }

    private func setQuota(of task: RunningTask) {
        guard let quotas else { return }
        let quota = quota(of: task)
        readMeter(of: task.launch.id)
        // A task that is just ending has no group any more.
        if quotas.limit(task.launch.id.description, quota: quota) { tasks[task.launch.id]?.quota = quota }
    }
}

/// The lines another process writes, as they come, until all writers are gone; closes the reader's end.
private func lines(of file: Int32) -> some Sequence<String> {
    var rest: [UInt8] = []
    return sequence(state: false) { (isClosed: inout Bool) -> String? in
        while !isClosed {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                defer { rest.removeFirst(end + 1) }
                return String(decoding: rest[..<end], as: UTF8.self)
            }
            var buffer = [UInt8](repeating: 0, count: 256)
            let count = read(file, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count > 0 {
                rest += buffer[..<count]
            } else {
                close(file)
                isClosed = true
            }
        }
        return nil
    }
}
