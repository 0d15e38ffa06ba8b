import CLab
import Dispatch
import Glibc
import Spawn

/// What a short program answered: stdout and stderr together.
struct CommandResult: Sendable {
    var status: ProcessEnd
    var output: String
}

extension ProcessTable {
    /// Runs a program to its end. Input and output are files in memory, so nobody blocks on a pipe.
    func run(_ program: Program, input: String = "") async throws(LabError) -> CommandResult {
        let (stdin, stdout) = (try memoryFile(input), try memoryFile(""))
        defer {
            close(stdin)
            close(stdout)
        }
        var program = program
        program.input = stdin
        program.output = stdout
        let status = await exit(of: try spawn(program))
        return CommandResult(status: status, output: contents(of: stdout))
    }

    /// As `run`, but anything other than exit code 0 is an error that quotes the program.
    @discardableResult
    func must(_ program: Program, input: String = "", step: String) async throws(LabError) -> String {
        let result = try await run(program, input: input)
        guard result.status == .exited(0) else {
            throw .bootFailed(
                step: "\(step): \(program.path) \(result.status)", log: LogTail.last(of: result.output))
        }
        return result.output
    }
}

/// A file in memory with this text, positioned at its start.
func memoryFile(_ text: String) throws(LabError) -> Int32 {
    let file = clab_memory_file()
    guard file >= 0 else { throw .file(operation: "make", path: "a file in memory", error: -file) }
    let bytes = Array(text.utf8)
    if !bytes.isEmpty {
        guard write(file, bytes, bytes.count) == bytes.count else {
            throw .file(operation: "write", path: "a file in memory", error: errno)
        }
        lseek(file, 0, SEEK_SET)
    }
    return file
}

/// All of a file's text from its start; the position does not matter.
func contents(of file: Int32) -> String {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while true {
        let count = pread(file, &buffer, buffer.count, off_t(text.count))
        guard count > 0 else { break }
        text += buffer[..<count]
    }
    return String(decoding: text, as: UTF8.self)
}

/// Carries out work that blocks, away from Swift's own few threads.
func aside<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: work()) }
    }
}

/// The end of a log, which is where the reason stands.
enum LogTail {
    static func last(of text: String, lines: Int = 8) -> String {
        text.split(separator: "\n").suffix(lines).joined(separator: "\n")
    }
}
