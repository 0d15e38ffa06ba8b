import Glibc

/// One session with a PostgreSQL server, in the simple query protocol: enough to ask, and never hanging.
///
/// Spawning `psql` would cost ten milliseconds for each look. Calls block.
struct PostgresSession: Sendable {
    struct Problem: Error, CustomStringConvertible {
        let description: String
        static let silence = Problem(description: "the database does not answer")
    }

    private let socket: PatientSocket

    /// Logs in as `lab` into the database `postgres`: every server has both, and the lab trusts its own.
    static func open(
        network: Int32?, address: String, port: Int, patience: Duration
    ) throws(Problem) -> PostgresSession {
        let end = ContinuousClock.now + patience
        guard let socket = PatientSocket(network: network, address: address, port: port, until: end) else {
            throw .silence
        }
        let session = PostgresSession(socket: socket)
        do throws(Problem) {
            let parameters = ["user", "lab", "database", "postgres", "application_name", "lab"]
            let body = number(196_608) + parameters.flatMap { Array($0.utf8) + [0] } + [0]
            guard socket.send(number(body.count + 4) + body) else { throw .silence }
            _ = try session.answer(until: end)
            return session
        } catch {
            session.close()
            throw error
        }
    }

    /// The first column of each row, as text; "" where it is null.
    func ask(_ statement: String, patience: Duration) throws(Problem) -> [String] {
        let text = Array(statement.utf8) + [0]
        guard socket.send([UInt8(ascii: "Q")] + Self.number(text.count + 4) + text) else { throw .silence }
        return try answer(until: ContinuousClock.now + patience)
    }

    func close() { Glibc.close(socket.file) }

    /// Reads messages until the server is ready for the next question.
    private func answer(until end: ContinuousClock.Instant) throws(Problem) -> [String] {
        var rows: [String] = []
        var refusal: Problem?
        while true {
            guard let head = socket.receive(5, until: end) else { throw refusal ?? .silence }
            let length = Self.number(head[1...])
            guard length >= 4, length < 1 << 20, let body = socket.receive(length - 4, until: end) else {
                throw refusal ?? .silence
            }
            switch head[0] {
            case UInt8(ascii: "D"): rows.append(Self.firstColumn(body))
            case UInt8(ascii: "E"): refusal = refusal ?? Problem(description: Self.message(body))
            case UInt8(ascii: "Z"):
                if let refusal { throw refusal }
                return rows
            default: break  // parameters, notices, row descriptions, command tags
            }
        }
    }

    /// Of a DataRow: a count, then for each column its length, -1 for null, and its text.
    static func firstColumn(_ body: [UInt8]) -> String {
        guard body.count >= 6 else { return "" }
        let length = number(body[2..<6])
        guard length > 0, body.count >= 6 + length else { return "" }
        return String(decoding: body[6..<(6 + length)], as: UTF8.self)
    }

    /// Of an ErrorResponse: fields of a letter and a text ended by 0; M is the message for people.
    static func message(_ body: [UInt8]) -> String {
        let field = body.split(separator: 0).first { $0.first == UInt8(ascii: "M") }
        return field.map { String(decoding: $0.dropFirst(), as: UTF8.self) } ?? "the database refuses"
    }

    private static func number(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(Int32(truncatingIfNeeded: bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }))
    }
}
