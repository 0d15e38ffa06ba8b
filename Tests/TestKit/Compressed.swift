import Foundation

/// Bodies as other programs compress them: Python, whose zlib writes each format by one number.
package enum Compressed {
    package struct Failure: Error {
        package var status: Int32
    }

    /// - Parameter wrapping: zlib's `wbits`: 31 gzip, 15 what HTTP calls deflate, -15 the bare data.
    package static func bytes(of content: [UInt8], wrapping: Int) throws -> [UInt8] {
        let script = """
            import sys, zlib
            c = zlib.compressobj(6, zlib.DEFLATED, \(wrapping))
            sys.stdout.buffer.write(c.compress(sys.stdin.buffer.read()) + c.flush())
            """
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        // It reads all before it writes.
        try input.fileHandleForWriting.write(contentsOf: Data(content))
        try input.fileHandleForWriting.close()
        let answer = try output.fileHandleForReading.readToEnd()
        process.waitUntilExit()
        guard process.terminationStatus == 0, let answer else {
            throw Failure(status: process.terminationStatus)
        }
        return Array(answer)
    }
}
