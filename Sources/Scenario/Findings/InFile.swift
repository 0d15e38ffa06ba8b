/// What is wrong with a file that a scenario names, said where it is named.
struct InFile: Problem {
    var path: String
    var problem: any Problem

    var message: String { "\(path): \(problem.message)" }
    var note: String? { problem.note }
    var help: String? { problem.help }
}
