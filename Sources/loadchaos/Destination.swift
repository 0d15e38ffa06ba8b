import ArgumentParser
import Load

/// What `--on` says: the lab, AWS, or one URL without a control plane.
enum Destination: ExpressibleByArgument {
    case lab
    case aws
    case url(LoadTarget)

    init?(argument: String) {
        switch argument {
        case "lab": self = .lab
        case "aws": self = .aws
        default:
            guard let url = HitURL(argument: argument) else { return nil }
            self = .url(LoadTarget(scheme: url.scheme, host: url.host, port: url.port))
        }
    }

    /// As it is typed.
    var text: String {
        switch self {
        case .lab: "lab"
        case .aws: "aws"
        case .url(let target): target.baseURL
        }
    }

    var defaultValueDescription: String { text }
}
