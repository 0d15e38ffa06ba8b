import ArgumentParser
import Foundation
import Recorder
import Report

/// Where recordings are kept: shared by every verb that reads or writes one.
struct ResultsOption: ParsableArguments {
    @Option(name: .customLong("results"), help: "The folder of the recordings.")
    var folder = "results"

    var database: String { (folder as NSString).appendingPathComponent("loadchaos.sqlite") }
    /// What runs owe: beside the recordings, in a file of its own, since it must be durable at every row.
    var journal: String { (folder as NSString).appendingPathComponent("journal.sqlite") }

    /// The recordings; what is wrong with them ends the command.
    func archive() throws -> Archive {
        try reading { () throws(RecorderError) in try Archive(database: database) }
    }

    /// Says what went wrong on stderr. A run or folder that is not there is a wrong argument; the rest is not.
    func reading<Value>(_ body: () throws(RecorderError) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            Terminal.note("error: \(error)")
            switch error {
            case .noSuchRun, .noRecordings: throw ExitStatus.usage.code
            default: throw ExitStatus.ourBug.code
            }
        }
    }
}
