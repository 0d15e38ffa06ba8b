import CLab
import Foundation
import Glibc

/// How fast a core of this machine is just now, against the one the lab's vCPU was defined on.
///
/// A Fargate vCPU does about the same work from one minute to the next; a core of a shared machine does not: the
/// same Python code was seen to take 1.6 times as long a few seconds later, in CPU time, when a neighbour used the
/// other half of the core. So the lab measures, and gives its tasks more time of a slow core: a lab vCPU is an
/// amount of work.
struct CoreSpeed: Sendable {
    /// CPU seconds of one unit of `stack/core-speed.py`'s work where `CPUQuotas.coresPerVCPU` was found.
    static let reference = 0.001_050
    /// Out of this range it is a hiccup of the measurement, not a speed.
    static let plausible = 0.25...5.0
    /// Of some twenty seconds.
    private static let kept = 11

    private var factors: [Double] = []

    /// CPU time needed for what takes the reference one second; over 1 on a slower core. 1 until measured.
    var slowness: Double {
        guard !factors.isEmpty else { return 1 }
        return factors.sorted()[factors.count / 2]
    }

    mutating func note(_ seconds: Double) {
        let factor = seconds / Self.reference
        guard Self.plausible.contains(factor) else { return }
        factors.append(factor)
        if factors.count > Self.kept { factors.removeFirst() }
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

    private func quota(of task: RunningTask) -> Int {
        CPUQuotas.quotaMicroseconds(cpu: task.launch.cpu, slowness: coreSpeed.slowness)
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
