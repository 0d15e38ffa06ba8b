import Plan

/// Reads one line of a system's guard.
enum GuardReader {
    static let example = "account 123456789012"
    private static let clauses = ["account", "tag", "leave", "strike"]

    /// `seen`: the clauses that were read before this one.
    static func read(
        _ statement: Statement, into guardrail: inout System.Guard, _ seen: inout Set<String>
    ) throws(Complaint) {
        var cursor = Cursor(statement, shape: example)
        let word = try cursor.choice(of: clauses, calling: "`account`, `tag`, `leave` or `strike`")
        guard seen.insert(word.text).inserted else {
            throw Complaint(StructureProblem.duplicateClause(word.text), at: word.span)
        }
        switch word.text {
        case "account": guardrail.account = try account(&cursor)
        case "tag": (guardrail.tagKey, guardrail.tagValue) = try tag(&cursor)
        case "leave": guardrail.leastLeft = try left(&cursor)
        default: guardrail.largestShare = try share(&cursor)
        }
        try cursor.finish()
    }

    private static func account(_ cursor: inout Cursor) throws(Complaint) -> String {
        let account = try cursor.any("the number of an AWS account")
        guard account.text.count == 12, account.text.allSatisfy(\.isASCIIDigit) else {
            throw Complaint(
                NameProblem.notWord("an AWS account of 12 digits", account.text), at: account.span)
        }
        return account.text
    }

    private static func tag(_ cursor: inout Cursor) throws(Complaint) -> (key: String, value: String) {
        cursor.shape = "tag loadchaos = allowed"
        let key = try cursor.name("the key of a tag")
        let equals = try cursor.any("`=`")
        guard equals.text == "=" else { throw cursor.unexpected(equals, expected: "`=`", among: ["="]) }
        return (key.value, try cursor.name("the value of the tag").value)
    }

    /// `leave 1 task of each service`
    private static func left(_ cursor: inout Cursor) throws(Complaint) -> Int {
        cursor.shape = "leave 1 task of each service"
        let count = try cursor.count("the number of tasks", in: 1...1000, example: "1")
        if !cursor.take("tasks") { try cursor.keyword("task") }
        for word in ["of", "each", "service"] { try cursor.keyword(word) }
        return count
    }

    /// `strike at most 50% of a service`
    private static func share(_ cursor: inout Cursor) throws(Complaint) -> Double {
        cursor.shape = "strike at most 50% of a service"
        for word in ["at", "most"] { try cursor.keyword(word) }
        let share = try cursor.quantity(.percentage, "the part of a service", positive: true)
        for word in ["of", "a", "service"] { try cursor.keyword(word) }
        return share
    }
}
