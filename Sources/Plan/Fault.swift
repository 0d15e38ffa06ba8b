/// Something that is broken on purpose.
package enum Fault: Hashable, Codable, Sendable {
    /// `kill 1 task of flask-app in zone ap-south-1a`, `kill 50% of flask-app`: ECS StopTask.
    case killTasks(count: TaskCount, service: String, zone: String?)
    /// `block zone ap-south-1a`: an empty network ACL on every subnet of the zone.
    case blockZone(String)
    /// `hang 1 task of nginx for 3m`: its port answers nobody, while the task runs on and ECS sees nothing.
    case hangTasks(count: TaskCount, service: String, zone: String?)
    /// `fail over database`: RDS reboots with fail-over.
    case failOverDatabase
    /// `lose zone ap-south-1a for 5m`: blocked, nothing placed there, and the database failed over if it was there.
    case loseZone(String)
    /// `lose redis for 1m`: the service is scaled to nothing.
    case loseService(String)
    /// `deploy flask-app`, `deploy flask-app failing its health check`: a new task-definition revision.
    case deploy(service: String, Release)
    /// `interrupt 1 task of flask-app`: what FARGATE_SPOT does to a task.
    case interruptSpot(count: TaskCount, service: String)
    /// `lose nat in zone ap-south-1a for 2m`: no route to the internet; every zone if nil.
    case loseNAT(zone: String?)
    /// `scale flask-app to 3 tasks for 2m`: held at this number, which its autoscaling cannot move.
    case scale(service: String, tasks: Int)

    /// `cut flask-app from redis for 2m`: what its tasks send to the other's port is lost.
    case cut(service: String, from: Dependency)
    /// `lose 5% of packets of flask-app for 2m`: of those its tasks send.
    case losePackets(percent: Int, service: String)
    /// `delay flask-app by 100ms for 2m`: each packet its tasks send.
    case delay(service: String, by: Nanoseconds)
    /// `stress cpu of flask-app for 2m`: other work in its tasks.
    case stressCPU(service: String)
    /// `exhaust connections of database as flask-app for 2m`: a task of the service's own takes all there are.
    case exhaustConnections(service: String)
    /// `shell "./flag off" undo "./flag on" for 2m`: commands of the machine that loadchaos runs on.
    case shell(command: String, undo: String)

    /// What a service may be cut off from.
    package enum Dependency: Hashable, Codable, Sendable {
        case service(String)
        case database
        /// Name servers.
        case dns

        /// As a scenario has it.
        package var words: String {
            switch self {
            case .service(let name): name
            case .database: "database"
            case .dns: "dns"
            }
        }
    }

    /// What is wrong with a deployed revision.
    package enum Release: String, Hashable, Codable, Sendable, CaseIterable {
        case good
        /// Its tasks run and never become healthy.
        case unhealthy
        /// Its tasks end as soon as they have started.
        case crashing
        /// Works, a tenth of a second late.
        case slow
    }

    /// How many tasks it strikes, if it says so.
    package var taskCount: TaskCount? {
        switch self {
        case .killTasks(let count, _, _), .hangTasks(let count, _, _), .interruptSpot(let count, _): count
        default: nil
        }
    }

    /// Over at once, without a `for`.
    package var isInstant: Bool {
        switch self {
        case .killTasks, .failOverDatabase, .deploy, .interruptSpot: true
        case .blockZone, .hangTasks, .loseZone, .loseService, .loseNAT, .scale, .cut, .losePackets, .delay,
            .stressCPU, .exhaustConnections, .shell:
            false
        }
    }
}

/// A fault with its place on the scenario clock.
package struct PlannedFault: Hashable, Codable, Sendable {
    /// As the scenario words it, without time and duration: `block zone ap-south-1a`. Unique within a Plan.
    package var name: String
    package var fault: Fault
    package var at: Nanoseconds
    /// nil for a fault that is over at once, such as a kill.
    package var duration: Nanoseconds?

    package init(name: String, fault: Fault, at: Nanoseconds, duration: Nanoseconds? = nil) {
        self.name = name
        self.fault = fault
        self.at = at
        self.duration = duration
    }
}
