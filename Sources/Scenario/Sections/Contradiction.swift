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
        case (.losePackets(_, let service), .losePackets(_, let other)) where service == other,
            (.delay(let service, _), .delay(let other, _)) where service == other:
            "a task's network is impaired in one way at a time"
        default:
            networkOrder.flatMap { own in
                other.networkOrder.flatMap { $0.service == own.service && $0.kind != own.kind }
            } == true ? "AWS runs one kind of network fault in a task at a time" : nil
        }
    }

    /// What is ordered of the network of which service's tasks; a dead port is one kind, whichever it is.
    private var networkOrder: (service: String, kind: String)? {
        switch self {
        case .hangTasks(_, let service, _), .cut(let service, _): (service, "port")
        case .losePackets(_, let service): (service, "loss")
        case .delay(let service, _): (service, "delay")
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
        case .blockZone, .failOverDatabase, .loseZone, .loseService, .loseNAT: nil
        }
    }
}
