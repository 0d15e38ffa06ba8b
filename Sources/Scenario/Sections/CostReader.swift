import Plan

/// Reads one line of a system's costs: its name, what is paid for, and what the document says it costs a month.
enum CostReader {
    static let example = "\"NAT gateways\"  nat gateways 2  stated $65/month"
    private static let databaseExample =
        "\"RDS\"  database db.t3.micro multi-az storage 20GiB  stated $35/month"
    static let items = ["nat", "database", "tasks", "balancer", "other"]

    static func read(_ statement: Statement) throws(Complaint) -> System.Cost {
        var cursor = Cursor(statement, shape: example)
        let name = try cursor.string("the name of a cost")
        let item = try item(&cursor)
        try cursor.keyword("stated")
        let stated = try money(&cursor)
        try cursor.finish()
        return System.Cost(name: name.value, item: item, stated: stated)
    }

    private static func item(_ cursor: inout Cursor) throws(Complaint) -> System.Cost.Item {
        switch try cursor.choice(of: items, calling: "what is paid for").text {
        case "nat":
            try cursor.keyword("gateways")
            return .natGateways(try cursor.count("the number of NAT gateways", in: 1...100, example: "2"))
        case "database":
            cursor.shape = databaseExample
            let instance = try cursor.name("the class of the instance, such as db.t3.micro").value
            let isMultiAZ = cursor.take("multi-az")
            try cursor.keyword("storage")
            let span = cursor.here
            let size = try cursor.quantity(.memory, "the storage", positive: true) / 1024
            guard size == size.rounded() else {
                throw Complaint(QuantityProblem.notWhole("the storage in GiB", size.plain), at: span)
            }
            return .database(instance: instance, isMultiAZ: isMultiAZ, storage: Int(size))
        case "tasks": return .tasks
        case "balancer": return .balancer
        default: return .other
        }
    }

    /// `$65/month`.
    private static func money(_ cursor: inout Cursor) throws(Complaint) -> Double {
        let token = try cursor.any("what it costs such as $65/month")
        let digits = token.text.dropFirst().dropLast("/month".count)
        guard token.kind == .word, token.text.hasPrefix("$"), token.text.hasSuffix("/month"),
            let value = Double(digits), value.isFinite, (0...1e9).contains(value)
        else { throw Complaint(CostProblem.money(token.text), at: token.span) }
        return value
    }
}

/// What is wrong with a cost.
enum CostProblem: Problem {
    case money(String)

    var message: String {
        switch self {
        case .money(let text): "`\(text)` is not what something costs a month"
        }
    }

    var help: String? {
        switch self {
        case .money: "in US dollars a month, as in $65/month"
        }
    }
}
