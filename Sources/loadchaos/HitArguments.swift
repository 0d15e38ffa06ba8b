import ArgumentParser
import Foundation
import Plan
import Scenario

/// `100/s`, `600/m`.
struct RateArgument: ExpressibleByArgument {
    var perSecond: Double

    init(perSecond: Double) { self.perSecond = perSecond }

    var defaultValueDescription: String { "\(Int(perSecond))/s" }

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Double(parts[0]), count > 0, count <= 10_000_000 else {
            return nil
        }
        switch parts[1] {
        case "s": perSecond = count
        case "m": perSecond = count / 60
        case "h": perSecond = count / 3600
        default: return nil
        }
    }
}

/// `30s`, `2m`, `500ms`: more than nothing, at most a week.
struct DurationArgument: ExpressibleByArgument {
    var value: Nanoseconds

    init(value: Nanoseconds) { self.value = value }

    init?(argument: String) {
        let units: [(String, Double)] = [("us", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)]
        for (unit, seconds) in units where argument.hasSuffix(unit) {
            guard let count = Double(argument.dropLast(unit.count)) else { continue }
            guard count > 0, count * seconds <= 604_800 else { return nil }
            value = .seconds(count * seconds)
            return
        }
        return nil
    }

    var defaultValueDescription: String { "\(value)" }
}

/// `Name: value`.
struct HeaderArgument: ExpressibleByArgument {
    var name: String
    var value: String

    init?(argument: String) {
        guard let colon = argument.firstIndex(of: ":") else { return nil }
        name = String(argument[..<colon])
        value = argument[argument.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        let token = CharacterSet(charactersIn: "!#$%&'*+-.^_`|~").union(
            CharacterSet(charactersIn: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        guard !name.isEmpty, name.unicodeScalars.allSatisfy(token.contains) else { return nil }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { return nil }
    }
}

/// `--data-file`: read when the command line is, so that a file that is not there is said before anything is sent.
enum BodyFile {
    static func body(_ path: String) throws -> Request.Body {
        switch Scenario.body(path: path) {
        case .success(let body): return body
        case .failure(let problem): throw ValidationError(problem.message)
        }
    }
}

/// An http or https URL, in its parts.
struct HitURL: ExpressibleByArgument {
    var text: String
    var scheme: String
    var host: String
    var port: Int
    /// Path and query, percent-encoded.
    var path: String

    init?(argument: String) {
        guard let parts = URLComponents(string: argument), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty, parts.user == nil,
            parts.fragment == nil
        else { return nil }
        let port = parts.port ?? (scheme == "https" ? 443 : 80)
        guard (1...65_535).contains(port) else { return nil }
        text = argument
        self.scheme = scheme
        self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.port = port
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        self.path = path + (parts.percentEncodedQuery.map { "?\($0)" } ?? "")
    }
}
