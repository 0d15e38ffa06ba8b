import Plan

extension Fault {
    /// Why two different faults cannot be on at the same time; nil: they can. Symmetric.
    ///
    /// The guards see what is left of the system live; here stands only what no system can do.
    func contradiction(of other: Fault) -> String? { reason(against: other) ?? other.reason(against: self) }

    private func reason(against other: Fault) -> String? {
        switch (self, other) {
        case (.blockZone(let zone), .loseZone(let other)) where zone == other:
            "both put the subnets of \(zone) on a network ACL of their own"
        case (.loseNAT(nil), .loseNAT(.some)): "both take the same route away"
        case (.loseZone, .failOverDatabase):
            "a lost zone fails the database over itself, and leaves no standby"
        case (.loseService(let service), _) where other.struckService == service:
            "no task of \(service) is left"
        case (.deploy(let service, let release), .deploy(let other, let second))
        where service == other && release != second:
            "a service rolls out one revision at a time"
        case (.scale(let service, let tasks), .scale(let other, let second))
        where service == other && tasks != second:
            "a service is held at one number of tasks"
        case (.exhaustConnections, .exhaustConnections): "the first one leaves the other nothing"
        default: disturbsNetwork(with: other) ? "AWS runs one kind of network fault in a task at a time" : nil
        }
    }

    /// Whether both order something of the network of one service's tasks. Ports that are closed are one kind, however
    /// many they are.
    private func disturbsNetwork(with other: Fault) -> Bool {
        guard let (service, isPort) = networkOrder, let (otherService, isOtherPort) = other.networkOrder
        else {
            return false
        }
        return service == otherService && !(isPort && isOtherPort)
    }

    private var networkOrder: (service: String, isPort: Bool)? {
        switch self {
        case .hangTasks(_, let service, _), .cut(let service, _): (service, true)
        case .losePackets(_, let service), .delay(let service, _): (service, false)
        default: nil
        }
    }

    /// The service whose tasks it needs, or makes.
    private var struckService: String? {
        switch self {
        case .killTasks(_, let service, _), .hangTasks(_, let service, _), .interruptSpot(_, let service),
            .deploy(let service, _), .scale(let service, _), .cut(let service, _),
            .losePackets(_, let service),
            .delay(let service, _), .stressCPU(let service):
            service
        case .blockZone, .failOverDatabase, .loseZone, .loseService, .loseNAT, .exhaustConnections, .shell:
            nil
        }
    }
}
