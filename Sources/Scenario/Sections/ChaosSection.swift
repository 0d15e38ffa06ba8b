import Plan

/// A fault with the tokens that a later check may have to point at.
struct FaultDraft {
    var planned: PlannedFault
    var timeSpan: Span
    var span: Span
    /// Names that must exist in the system.
    var zone: Token?
    var service: Token?
    /// The service that the first is cut off from.
    var other: Token?
    var countSpan: Span?
}

/// `chaos`: what is broken, when, and for how long.
struct ChaosSection {
    private(set) var faults: [FaultDraft] = []
    private(set) var isBroken = false

    static let example = "at 2m  block zone ap-south-1a  for 4m"
    init(_ section: Section, _ diagnostics: inout Diagnostics) {
        let before = diagnostics.errors
        for statement in section.statements where !statement.isBroken {
            do throws(Complaint) {
                faults.append(try FaultReader.read(statement))
            } catch {
                diagnostics.add(error)
            }
        }
        nameRepeats()
        checkOverlaps(&diagnostics)
        checkContradictions(&diagnostics)
        isBroken = diagnostics.errors > before || section.isSuspect
    }

    /// A name is unique: faults that read the same are told apart by their time, `kill 1 task of flask-app at
    /// 4m`.
    private mutating func nameRepeats() {
        let counts = Dictionary(grouping: faults, by: \.planned.name).mapValues(\.count)
        for index in faults.indices where counts[faults[index].planned.name, default: 0] > 1 {
            faults[index].planned.name += " at \(faults[index].planned.at)"
        }
    }

    /// The same fault twice at one time: the second would find nothing left to break, and heal the first.
    private func checkOverlaps(_ diagnostics: inout Diagnostics) {
        for alike in Dictionary(grouping: faults, by: \.planned.fault).values {
            var latest: FaultDraft?
            for fault in alike.sorted(by: { $0.planned.at < $1.planned.at }) {
                if let latest, fault.planned.at < latest.end || fault.planned.at == latest.planned.at {
                    // Blame the one that stands lower in the file.
                    let (first, second) =
                        latest.span.line < fault.span.line ? (latest, fault) : (fault, latest)
                    diagnostics.add(
                        ChaosProblem.overlap(
                            from: first.planned.at, until: first.planned.duration.map { _ in first.end },
                            line: first.span.line),
                        at: second.timeSpan)
                }
                if fault.end >= latest?.end ?? fault.end { latest = fault }
            }
        }
    }
}

extension ChaosSection {
    /// Two different faults at one time, of which one makes the other impossible, or would undo it when it heals.
    private func checkContradictions(_ diagnostics: inout Diagnostics) {
        for (place, later) in faults.enumerated() {
            // The one that stands higher in the file is believed.
            for earlier in faults[..<place] where earlier.overlaps(later) {
                guard let why = earlier.planned.fault.contradiction(of: later.planned.fault) else { continue }
                diagnostics.add(
                    ChaosProblem.contradiction(
                        later.planned.name, of: earlier.planned.name, from: earlier.planned.at,
                        until: earlier.planned.duration.map { _ in earlier.end }, why: why,
                        line: earlier.span.line),
                    at: later.timeSpan)
                break
            }
        }
    }
}

extension FaultDraft {
    /// Whether both are on at some time; one that is over at once is on at its own.
    func overlaps(_ other: FaultDraft) -> Bool {
        if planned.at == other.planned.at { return true }
        let (first, second) = planned.at < other.planned.at ? (self, other) : (other, self)
        return second.planned.at < first.end
    }

    /// When it is over, on the scenario clock.
    var end: Nanoseconds { planned.at + (planned.duration ?? .zero) }

    /// How many tasks of the service it holds at that time; nil: it does not.
    func held(_ service: String, at time: Nanoseconds) -> Int? {
        guard case .scale(service, let tasks) = planned.fault, planned.at < time, time < end else {
            return nil
        }
        return tasks
    }
}

/// What is wrong with a fault.
enum ChaosProblem: Problem {
    case instantFault(String)
    case endlessFault(String)
    case overlap(from: Nanoseconds, until: Nanoseconds?, line: Int)
    case afterLoad(at: Nanoseconds, load: Nanoseconds)
    case outlastsLoad(end: Nanoseconds, load: Nanoseconds)
    case inWarmUp(at: Nanoseconds, measuredFrom: Nanoseconds)
    /// `holder`: the fault that holds the service at `tasks` then; nil: so many it has at rest.
    case tooManyTasks(count: Int, service: String, done: String, tasks: Int, holder: String?)
    case contradiction(String, of: String, from: Nanoseconds, until: Nanoseconds?, why: String, line: Int)
    case noDatabase(system: String)
    case cutFromItself(String)
    case brokenPercentage(String, ClosedRange<Int>)
    /// `tasks`: what the service has at rest, or is held at.
    case noneOrAll(service: String, tasks: Int)
    case zoneAsService(String)
    case scaledToNothing(String, most: Int)
    case emptyCommand(String)
}

extension ChaosProblem {
    var message: String {
        switch self {
        case .instantFault(let name): "`\(name)` is over at once, and takes no `for`"
        case .endlessFault(let name): "`\(name)` does not say for how long"
        case .overlap(let start, let end?, _): "the same fault is on from \(start) to \(end)"
        case .overlap(_, nil, _): "the same fault twice at the same time"
        case .afterLoad(let at, let load): "the fault comes at \(at), and the load ends at \(load)"
        case .outlastsLoad(let end, let load): "the fault lasts until \(end), and the load ends at \(load)"
        case .inWarmUp(let at, let from): "the fault comes at \(at), and measuring starts at \(from)"
        case .tooManyTasks(let count, let service, let done, let tasks, let holder):
            "\(count) tasks of `\(service)` cannot be \(done): "
                + (holder.map { "`\($0)` holds it at \(tasks)" } ?? "at rest it has \(tasks)")
        case .contradiction(let name, let other, let start, let end, _, _):
            "`\(name)` cannot go with `\(other)`, which is on "
                + (end.map { "from \(start) to \($0)" } ?? "at \(start)")
        case .noDatabase(let system): "\(system) has no database"
        case .cutFromItself(let service): "`\(service)` cannot be cut off from itself"
        case .brokenPercentage(let part, let range):
            "\(part) is no whole percentage from \(range.lowerBound)% to \(range.upperBound)%"
        case .noneOrAll(let service, let tasks):
            "of the \(tasks) task\(tasks == 1 ? "" : "s") of `\(service)` this is none, or all"
        case .zoneAsService(let zone): "`\(zone)` is a zone, and reads here as a service"
        case .scaledToNothing(_, let most): "the number of tasks is 0; it can be 1 to \(most)"
        case .emptyCommand(let role): "\(role) is empty"
        }
    }

    var note: String? {
        switch self {
        case .overlap(_, _, let line): "it is planned on line \(line)"
        case .outlastsLoad: "what heals after the load has ended is not seen by any request"
        case .inWarmUp: "without calm load before it there is nothing to compare with"
        case .tooManyTasks(_, _, _, _, nil): "the system file says how many tasks a service has"
        case .contradiction(_, _, _, _, let why, let line): "\(why); it is planned on line \(line)"
        default: nil
        }
    }

    var help: String? {
        switch self {
        case .instantFault: "leave the `for` out"
        case .endlessFault(let name): "for example: \(name) for 4m"
        case .overlap(_, _?, _): "move it, or make one fault of the two"
        case .overlap(_, nil, _): "leave one of them, or raise its count"
        case .afterLoad, .outlastsLoad: "make the load longer, or the fault earlier"
        case .inWarmUp(_, let from): "put it after \(from), with some calm load in between"
        case .tooManyTasks: nil
        case .cutFromItself: "name what it calls: a service, `database` or `dns`"
        case .brokenPercentage(_, let range):
            range.upperBound < 100 ? "to strike all of them, write: lose SERVICE for 2m" : nil
        case .noneOrAll: "say how many: 1 task of"
        case .contradiction: "move one of them, or leave it out"
        case .noDatabase: "add a line to the system file such as: database ecs-microservices-db"
        case .zoneAsService(let zone): "write: lose zone \(zone)"
        case .scaledToNothing(let service, _): "to leave no task of it, write: lose \(service)"
        case .emptyCommand: "a command that has nothing to do is: true"
        }
    }
}
