import Plan

/// Whether the parts of a scenario fit the load and the system.
extension ScenarioReader {
    mutating func checkTimes(
        _ faults: [FaultDraft], _ probes: [ProbeDraft], _ load: (measuredFrom: Nanoseconds, end: Nanoseconds)
    ) {
        for fault in faults {
            if fault.planned.at >= load.end {
                diagnostics.add(
                    ChaosProblem.afterLoad(at: fault.planned.at, load: load.end), at: fault.timeSpan)
            } else if fault.end > load.end {
                diagnostics.add(ChaosProblem.outlastsLoad(end: fault.end, load: load.end), at: fault.timeSpan)
            } else if fault.planned.at < load.measuredFrom {
                diagnostics.add(
                    ChaosProblem.inWarmUp(at: fault.planned.at, measuredFrom: load.measuredFrom),
                    at: fault.timeSpan)
            }
        }
        for probe in probes where probe.probe.at >= load.end {
            diagnostics.add(ProbeProblem.afterLoad(at: probe.probe.at, load: load.end), at: probe.timeSpan)
        }
    }

    mutating func checkNames(_ faults: [FaultDraft], _ probes: [ProbeDraft], _ system: System?) {
        guard let system else {
            // A `use` that failed has been reported.
            guard sections["use"] == nil else { return }
            if let first = faults.first {
                diagnostics.add(NameProblem.needsSystem("`\(first.planned.name)`"), at: first.span)
            }
            for service in probes.compactMap(\.service) {
                diagnostics.add(NameProblem.needsSystem("`\(service.text)`"), at: service.span)
            }
            return
        }
        for fault in faults {
            checkNames(fault, system)
            checkCount(fault, among: faults, system)
        }
        for service in probes.compactMap(\.service) {
            look(up: service, kind: "service", among: system.services.map(\.name), system)
        }
    }

    private mutating func checkNames(_ fault: FaultDraft, _ system: System) {
        if let zone = fault.zone { look(up: zone, kind: "zone", among: system.zones, system) }
        switch fault.planned.fault {
        case .failOverDatabase where system.database == nil, .cut(_, .database) where system.database == nil,
            .exhaustConnections where system.database == nil:
            diagnostics.add(ChaosProblem.noDatabase(system: system.name), at: fault.span)
        default: break
        }
        if let other = fault.other {
            look(up: other, kind: "service", among: system.services.map(\.name), system)
            if other.value == fault.service?.value {
                diagnostics.add(ChaosProblem.cutFromItself(other.value), at: other.span)
            }
        }
        guard let service = fault.service else { return }
        let names = system.services.map(\.name)
        if case .loseService = fault.planned.fault, !names.contains(service.value),
            system.zones.contains(service.value)
        {
            diagnostics.add(ChaosProblem.zoneAsService(service.value), at: service.span)
            return
        }
        look(up: service, kind: "service", among: names, system)
    }

    /// More tasks than there are at that time cannot be struck.
    private mutating func checkCount(_ fault: FaultDraft, among faults: [FaultDraft], _ system: System) {
        guard let count = fault.planned.fault.taskCount, let span = fault.countSpan,
            let service = system.services.first(where: { $0.name == fault.service?.value })
        else { return }
        let holder = faults.first { $0.held(service.name, at: fault.planned.at) != nil }
        let tasks = holder?.held(service.name, at: fault.planned.at) ?? service.tasks.lowerBound
        guard let number = count.count(of: tasks) else {
            diagnostics.add(ChaosProblem.noneOrAll(service: service.name, tasks: tasks), at: span)
            return
        }
        guard number > tasks else { return }
        diagnostics.add(
            ChaosProblem.tooManyTasks(
                count: number, service: service.name, done: fault.planned.fault.participle, tasks: tasks,
                holder: holder?.planned.name),
            at: span)
    }

    mutating func look(up token: Token, kind: String, among known: [String], _ system: System) {
        if known.isEmpty || known.contains(token.value) { return }
        diagnostics.add(
            NameProblem.unknown(kind: kind, token.value, known: known, system: system.name), at: token.span)
    }
}

extension Fault {
    /// What has been done to its tasks.
    fileprivate var participle: String {
        switch self {
        case .hangTasks: "hung"
        case .interruptSpot: "interrupted"
        default: "killed"
        }
    }
}
