/// Protocols, ports and networks as EC2's calls spell them.
enum EC2Traffic {
    static func cidr(_ text: String, _ parameter: String) throws(APIError) -> String {
        guard let canonical = IPv4Network.canonical(text) else {
            throw APIError(
                "InvalidParameterValue",
                "Value (\(text)) for parameter \(parameter) is invalid. This is not a valid CIDR block.")
        }
        return canonical
    }

    /// Of an ACL entry: `Protocol=6&PortRange.From=80&PortRange.To=80`.
    static func ofEntry(_ form: FormParameters) throws(APIError) -> Traffic {
        try traffic(
            try EC2.required(form, "Protocol"), from: try form.int("PortRange.From"),
            to: try form.int("PortRange.To"),
            type: try form.int("Icmp.Type"), code: try form.int("Icmp.Code"))
    }

    /// Of a security group: `IpProtocol=tcp&FromPort=80&ToPort=80`, where ICMP has its type and code for ports.
    static func ofPermission(_ form: FormParameters, _ prefix: String) throws(APIError) -> Traffic {
        let (from, to) = (try form.int("\(prefix)FromPort"), try form.int("\(prefix)ToPort"))
        return try traffic(
            try EC2.required(form, "\(prefix)IpProtocol"), from: from, to: to, type: from ?? -1,
            code: to ?? -1)
    }

    private static func traffic(
        _ name: String, from: Int?, to: Int?, type: Int?, code: Int?
    ) throws(APIError) -> Traffic {
        switch name.lowercased() {
        case "-1", "all": return .all
        case "tcp", "6": return .tcp(try ports(from, to))
        case "udp", "17": return .udp(try ports(from, to))
        case "icmp", "1":
            guard let type, let code, (-1...255).contains(type), (-1...255).contains(code) else {
                throw APIError(
                    "MissingParameter", "The request must contain the ICMP type and code, -1 for all")
            }
            return .icmp(type: type < 0 ? nil : type, code: code < 0 ? nil : code)
        default:
            guard let number = Int(name), (0...255).contains(number) else {
                throw APIError("InvalidParameterValue", "Invalid value '\(name)' for protocol.")
            }
            return .other(number)
        }
    }

    private static func ports(_ from: Int?, _ to: Int?) throws(APIError) -> ClosedRange<Int> {
        guard let from, let to else {
            throw APIError("MissingParameter", "The request must contain the port range of a TCP or UDP rule")
        }
        guard (0...65535).contains(from), (from...65535).contains(to) else {
            throw APIError("InvalidParameterValue", "Invalid port range: \(from) to \(to).")
        }
        return from...to
    }

    /// As part of an ACL entry.
    static func shown(_ traffic: Traffic) -> [XML] {
        switch traffic {
        case .all, .other: []
        case .tcp(let ports), .udp(let ports):
            [.element("portRange", [.leaf("from", ports.lowerBound), .leaf("to", ports.upperBound)])]
        case .icmp(let type, let code):
            [.element("icmpTypeCode", [.leaf("type", type ?? -1), .leaf("code", code ?? -1)])]
        }
    }

    /// As part of a security group.
    static func permission(_ traffic: Traffic) -> [XML] {
        switch traffic {
        case .all: [.leaf("ipProtocol", "-1")]
        case .other(let number): [.leaf("ipProtocol", number)]
        case .tcp(let ports): permission("tcp", ports.lowerBound, ports.upperBound)
        case .udp(let ports): permission("udp", ports.lowerBound, ports.upperBound)
        case .icmp(let type, let code): permission("icmp", type ?? -1, code ?? -1)
        }
    }

    private static func permission(_ name: String, _ from: Int, _ to: Int) -> [XML] {
        [.leaf("ipProtocol", name), .leaf("fromPort", from), .leaf("toPort", to)]
    }
}
