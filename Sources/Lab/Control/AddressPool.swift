/// Hands out addresses of the zones' private subnets, one after the other, so that a task does not soon get
/// the
/// address of one just gone: connections meant for that one must fail, not arrive.
struct AddressPool: Sendable {
    /// Below are the router and what the machine puts into a subnet itself.
    private static let hosts = 20...250
    private var last: [String: Int] = [:]

    /// Nil when the subnet is full. `cidr` is a /24.
    mutating func next(in cidr: String, taken: Set<String>) -> String? {
        let network = cidr.split(separator: ".").prefix(3).joined(separator: ".")
        var host = last[cidr] ?? Self.hosts.upperBound
        for _ in Self.hosts {
            host = host == Self.hosts.upperBound ? Self.hosts.lowerBound : host + 1
            let address = "\(network).\(host)"
            if !taken.contains(address) {
                last[cidr] = host
                return address
            }
        }
        return nil
    }
}
