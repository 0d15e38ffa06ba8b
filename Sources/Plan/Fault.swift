/// Something that is broken on purpose.
package enum Fault: Hashable, Codable, Sendable {
    /// `kill 1 task of flask-app in zone ap-south-1a`: ECS StopTask.
    case killTasks(count: Int, service: String, zone: String?)
    /// `block zone ap-south-1a`: an empty network ACL on every subnet of the zone.
    case blockZone(String)
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
