import Glibc
import Spawn

/// What runs for one task, and what has to go with it.
struct RunningTask: Sendable {
    var launch: TaskLaunch
    /// The network namespace; nil on loopback.
    var network: Int32?
    /// What its main process was started with; a health check gets the same surroundings.
    var program: Program
    var main: pid_t
    var sidecar: pid_t?
    var sidecarSocket: HAProxySocket?
    /// Set before we end it ourselves: then its end is nobody's news.
    var isStopping = false
    /// CPU time per period it was given; nil until it is healthy.
    var quota: Int?
    /// Where its sidecar was told that the database's endpoint leads; nil: not told since it started.
    var databaseZone: String?
    /// Nil until it is healthy.
    var meter: CPUMeter?
    /// The percentage that other work takes of its CPU, and who does it.
    var stress: Int?
    var stressors: [pid_t] = []
    /// How late its packets leave; nil: at once.
    var delay: PacketDelay.Amount?
    /// Who sees to it where the kernel has no netem.
    var packetDelay: PacketDelay?

    /// Those that the task ends with.
    var essential: [pid_t] { [main] + (sidecar.map { [$0] } ?? []) }
    var processes: [pid_t] { essential + stressors }
}

/// The commands that run the services, as in the images' own CMD lines.
struct ServiceCommand: Sendable {
    let parts: Parts
    let addressing: Addressing

    /// What a task's container runs: the image's own program, or the revision's command in the image's surroundings.
    func program(of launch: TaskLaunch, folder: String) throws(LabError) -> Program {
        var program = program(ofImage: launch, folder: folder)
        program.environment["PATH"] = path
        program.environment.merge(launch.settings.environment) { $1 }
        guard let command = launch.settings.command else { return program }
        guard let executable = executable(command[0]) else {
            throw .missingPart(
                "\(command[0]), the command", lookedIn: path.split(separator: ":").map(String.init))
        }
        program.path = executable
        program.arguments = Array(command.dropFirst())
        return program
    }

    /// An image of the lab has all its programs: this machine's, and those of the Python environment.
    private var path: String {
        (["\(parts.venv)/bin"] + Parts.searchPath + [parts.postgres]).joined(separator: ":")
    }

    /// The program of this name in that path; nil if there is none.
    func executable(_ name: String) -> String? {
        let places = name.contains("/") ? [name] : path.split(separator: ":").map { "\($0)/\(name)" }
        return name.isEmpty ? nil : places.first { access($0, X_OK) == 0 }
    }

    /// `folder` is the task's own.
    private func program(ofImage launch: TaskLaunch, folder: String) -> Program {
        let address = addressing.address(launch.address)
        let local = addressing.local(to: launch.address)
        let bind = addressing.mode.hasNamespaces ? "0.0.0.0" : address
        switch launch.service {
        case "nginx":
            var nginx = Program("nginx", ["-c", "\(folder)/nginx.conf", "-p", folder, "-e", "stderr"])
            nginx.directory = folder
            return nginx
        case "flask-app":
            var flask = Program(
                "\(parts.venv)/bin/gunicorn",
                [
                    "--config", "\(parts.stack)/flask-app/gunicorn.conf.py", "--bind",
                    "\(bind):\(addressing.port(5000))",
                ])
            flask.directory = "\(parts.stack)/flask-app"
            flask.environment = [
                "DATABASE_URL": "postgresql://lab@\(local):\(addressing.port(5432))/items",
                "REDIS_URL": "redis://\(local):\(addressing.port(6379))/0",
                "EXTERNAL_URL": addressing.externalURL,
                "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1",
            ]
            return flask
        default:
            let memory = max(16, launch.memory / 2)
            return Program(
                "redis-server",
                [
                    "--bind", bind, "--port", "\(addressing.port(6379))", "--protected-mode", "no", "--save",
                    "",
                    "--appendonly", "no", "--maxmemory", "\(memory)mb", "--maxmemory-policy", "allkeys-lru",
                    "--dir", folder,
                ])
        }
    }

    /// What a container's stop signal is: nginx's image says QUIT, so that requests under way are answered.
    static func stopSignal(of service: String) -> Int32 { service == "nginx" ? SIGQUIT : SIGTERM }
}
