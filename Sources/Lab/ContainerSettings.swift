/// What a task's container is started with: its revision's settings, and RunTask's overrides on top.
package struct ContainerSettings: Hashable, Sendable {
    package var image: String
    /// Entry point and command in one; nil runs what the image runs by itself.
    package var command: [String]?
    package var environment: [String: String] = [:]
    /// As in a task definition: `["CMD-SHELL", "…"]` or `["CMD", "…", …]`; nil: not checked.
    package var healthCommand: [String]?
    /// Real time, as all timeouts of the container's own.
    package var healthTimeout: Duration = .seconds(5)
    /// Where CloudWatch Logs keeps what it writes; nil: nowhere.
    package var log: LogPlace?

    package init(image: String) { self.image = image }

    package struct LogPlace: Hashable, Sendable {
        package var group: String
        package var stream: String

        package init(group: String, stream: String) {
            self.group = group
            self.stream = stream
        }
    }
}

/// The images the lab can run: those of the document, whatever their tag and wherever they are said to be stored.
package enum LabImage: String, CaseIterable, Sendable {
    case nginx
    case flaskApp = "flask-app"
    case redis

    /// Nil for an image that is none of the document's, so that nobody could pull it here.
    package init?(_ reference: String) {
        let name = reference.split(separator: "@", omittingEmptySubsequences: false)[0]
        var path = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let last = path.popLast() else { return nil }
        let parts = last.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let folder = path.last ?? ""
        switch parts[0] {
        case "nginx" where folder == "ecs-microservices": self = .nginx
        case "flask-app" where folder == "ecs-microservices": self = .flaskApp
        case "redis" where ["", "library"].contains(folder): self = .redis
        default: return nil
        }
    }

    /// The service whose tasks run it.
    package var service: String { rawValue }
}
