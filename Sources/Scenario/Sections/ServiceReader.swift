import Plan

/// Reads one service of a system: its name, then clauses in any order.
struct ServiceReader {
    private var cursor: Cursor
    private let name: Token

    static let example = "nginx  tasks 2 to 4  cpu 0.25vCPU  memory 512MiB  port 80  health /nginx-health"
    static let clauses = ["tasks", "cpu", "memory", "port", "health", "image"]

    init(_ statement: Statement) {
        name = statement.first
        cursor = Cursor(statement, shape: Self.example, skipping: 1)
    }

    /// What can be understood of the service. If a clause is missing, it is reported, and its value is the
    /// one that lets no later check complain about it as well.
    mutating func read(_ diagnostics: inout Diagnostics) -> System.Service {
        var service = System.Service(name: name.value, tasks: Int.max...Int.max, port: 0, cpu: 0, memory: 0)
        var seen: Set<String> = []
        var broken = false
        if name.kind != .word {
            diagnostics.add(NameProblem.notWord("the name of a service", name.text), at: name.span)
        }
        while let token = cursor.next() {
            do throws(Complaint) {
                guard token.kind == .word, Self.clauses.contains(token.text) else {
                    throw cursor.unexpected(token, expected: "a clause of the service", among: Self.clauses)
                }
                if !seen.insert(token.text).inserted {
                    diagnostics.add(StructureProblem.duplicateClause(token.text), at: token.span)
                }
                try clause(token.text, &service)
            } catch {
                diagnostics.add(error)
                broken = true
                cursor.skip(to: Self.clauses)
            }
        }
        let needed = [
            "tasks": "tasks 2 to 4", "cpu": "cpu 0.25vCPU", "memory": "memory 512MiB", "port": "port 80",
        ]
        for clause in Self.clauses where !broken && !seen.contains(clause) {
            guard let example = needed[clause] else { continue }
            diagnostics.add(
                StructureProblem.missingClause(clause, of: "service `\(name.text)`", example: example),
                at: name.span)
        }
        return service
    }

    private mutating func clause(_ clause: String, _ service: inout System.Service) throws(Complaint) {
        switch clause {
        case "tasks":
            let low = try cursor.count("the number of tasks", in: 0...1000, example: "2")
            guard cursor.take("to") else {
                service.tasks = low...low
                return
            }
            let span = cursor.here
            let high = try cursor.count("the number of tasks", in: 0...1000, example: "4")
            guard low <= high else { throw Complaint(ExpectationProblem.emptyBetween, at: span) }
            service.tasks = low...high
        case "cpu":
            let span = cursor.here
            let units = try cursor.quantity(.cpu, "the CPU", positive: true) * 1024
            guard units == units.rounded() else {
                throw Complaint(
                    QuantityProblem.notWhole("the CPU in units of 1/1024 vCPU", units.plain), at: span)
            }
            service.cpu = Int(units)
        case "memory":
            let span = cursor.here
            let size = try cursor.quantity(.memory, "the memory", positive: true)
            guard size == size.rounded() else {
                throw Complaint(QuantityProblem.notWhole("the memory in MiB", size.plain), at: span)
            }
            service.memory = Int(size)
        case "port": service.port = try cursor.count("the port", in: 1...65535, example: "80")
        case "health":
            let path = try cursor.any("a path such as /health")
            guard path.text.hasPrefix("/") else {
                throw Complaint(RequestProblem.notAPath(path.text), at: path.span)
            }
            service.healthPath = path.text
        default: service.image = try cursor.name("an image such as redis:7-alpine").value
        }
    }
}
