import Glibc
package import Spawn

/// Bodies as other programs compress them: Python, whose zlib writes each format by one number.
package enum Compressed {
    package struct Failure: Error {
        package var end: Child.End
    }

    /// - Parameter wrapping: zlib's `wbits`: 31 gzip, 15 what HTTP calls deflate, -15 the bare data.
    package static func bytes(of content: [UInt8], wrapping: Int) throws -> [UInt8] {
        let script = """
            import sys, zlib
            c = zlib.compressobj(6, zlib.DEFLATED, \(wrapping))
            sys.stdout.buffer.write(c.compress(sys.stdin.buffer.read()) + c.flush())
            """
        var program = Program.found(["python3", "-c", script])
        let input = try pipeEnds()
        program.input = input.reading
        let process = try Child(program)
        close(input.reading)
        // It reads all before it writes.
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(input.writing, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            rest.removeFirst(count)
        }
        close(input.writing)
        var answer: [UInt8] = []
        let end = process.finish(within: .seconds(60)) { answer += $0 }
        guard end == .exited(0), rest.isEmpty else { throw Failure(end: end) }
        return answer
    }
}
