import Foundation
import Glibc

/// Carries what a container writes into its file and, line by line, into CloudWatch Logs: the log driver.
///
/// A thread of its own that sleeps in read(2): a container that writes nothing costs nothing, and none waits for us.
struct LogPump: Sendable {
    let store: LogStore
    let place: ContainerSettings.LogPlace

    /// Returns at once. Both descriptors are closed when the last writer of the pipe has gone.
    func follow(_ pipe: Int32, into file: Int32) {
        store.open(place)
        let thread = Thread { [self] in
            var lines = LineSplitter()
            var buffer = [UInt8](repeating: 0, count: 16_384)
            while true {
                let count = read(pipe, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { break }
                // A full disk loses the file's copy only.
                _ = write(file, buffer, count)
                store.append(lines.add(buffer[..<count]), to: place)
            }
            store.append(lines.rest(), to: place)
            close(pipe)
            close(file)
        }
        thread.stackSize = 256 * 1024
        thread.name = "lab log"
        thread.start()
    }
}

/// Puts the pieces of a byte stream together to lines.
struct LineSplitter: Sendable {
    private var open: [UInt8] = []

    /// The lines that are whole now. One that grows without end is cut.
    mutating func add(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || open.count >= LogStore.messageBytesMax {
                lines.append(String(decoding: open, as: UTF8.self))
                open.removeAll(keepingCapacity: true)
            }
            if byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { open.append(byte) }
        }
        return lines
    }

    /// What has no line end.
    mutating func rest() -> [String] {
        defer { open = [] }
        return open.isEmpty ? [] : [String(decoding: open, as: UTF8.self)]
    }
}
