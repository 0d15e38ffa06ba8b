import ArgumentParser
import Foundation
import Scenario

/// `loadchaos fmt FILE…`: lays scenarios and system files out in their canonical form.
struct Format: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        abstract: "Format scenario and system files in place.",
        discussion: """
            Spaces, columns and blank lines change; words, comments and meaning do not.

              loadchaos fmt scenarios/*.scn          # rewrites what is not canonical, and names it
              loadchaos fmt --check scenarios/*.scn  # changes nothing; exit 1 if something would change
              loadchaos fmt - < draft.scn            # standard input to standard output

            Exit codes: 0 done, 1 --check found a file to format, 65 a file could not be read or written.
            """)

    @Flag(help: "Change nothing; name the files that would change and exit 1 if there are any.")
    var check = false

    @Argument(
        help: "The files to format; - is standard input.", completion: .file(extensions: ["scn", "system"]))
    var files: [String]

    func run() throws {
        var unreadable = false
        var changes = false
        for file in files {
            switch Scenario.text(
                path: file == "-" ? "/dev/stdin" : file, shownAs: file == "-" ? "<stdin>" : file)
            {
            case .failure(let finding):
                FileHandle.standardError.write(Data("\(finding)\n".utf8))
                unreadable = true
            case .success(let text):
                let formatted = Scenario.format(text)
                // Scalars, not characters: CR LF and LF are equal characters to nobody but a formatter.
                let differs = !formatted.utf8.elementsEqual(text.utf8)
                changes = changes || differs
                if file == "-" && !check { print(formatted, terminator: "") }
                guard differs, file != "-" || check else { continue }
                if !check, !write(formatted, to: file) {
                    unreadable = true
                    continue
                }
                print(file)
            }
        }
        if unreadable { throw ExitStatus.badScenario.code }
        if check && changes { throw ExitCode(1) }
    }

    /// Replaces the file at once, so that an interruption leaves the old one or the new one.
    private func write(_ text: String, to file: String) -> Bool {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
            return true
        } catch {
            FileHandle.standardError.write(Data("\(file): error: cannot be written: \(error)\n".utf8))
            return false
        }
    }
}
