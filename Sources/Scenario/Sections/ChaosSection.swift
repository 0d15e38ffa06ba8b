import Plan

/// A fault with the tokens that a later check may have to point at.
struct FaultDraft {
    var planned: PlannedFault
    var timeSpan: Span
    var span: Span
    /// Names that must exist in the system.
    var zone: Token?
    var service: Token?
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

extension FaultDraft {
    /// When it is over, on the scenario clock.
    var end: Nanoseconds { planned.at + (planned.duration ?? .zero) }
}

/// What is wrong with a fault.
enum ChaosProblem: Problem {
    case instantFault(String)
    case endlessFault(String)
    case overlap(from: Nanoseconds, until: Nanoseconds?, line: Int)
    case afterLoad(at: Nanoseconds, load: Nanoseconds)
    case outlastsLoad(end: Nanoseconds, load: Nanoseconds)
    case inWarmUp(at: Nanoseconds, measuredFrom: Nanoseconds)
    case tooManyTasks(count: Int, service: String, tasks: Int)
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
        case .tooManyTasks(let count, let service, let tasks):
            "\(count) tasks of `\(service)` cannot be killed: at rest it has \(tasks)"
        }
    }

    var note: String? {
        switch self {
        case .overlap(_, _, let line): "it is planned on line \(line)"
        case .outlastsLoad: "what heals after the load has ended is not seen by any request"
        case .inWarmUp: "without calm load before it there is nothing to compare with"
        case .tooManyTasks: "the system file says how many tasks a service has"
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
        }
    }
}
