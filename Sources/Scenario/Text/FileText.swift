import Foundation

/// Why a file could not be read.
package enum FileProblem: Error, Problem, Hashable {
    /// With the files of the same kind that stand beside where it was looked for.
    case notFound(beside: [String])
    case directory
    case tooLarge(bytes: Int?, limit: Int)
    case notUTF8(line: Int, column: Int, byte: UInt8)
    case unreadable(reason: String)
}

extension FileProblem {
    package var message: String {
        switch self {
        case .notFound: "there is no such file"
        case .directory: "this is a directory, not a file"
        case .tooLarge(let bytes, let limit):
            "the file has \(bytes.map { "\($0)" } ?? "more than \(limit)") bytes; the most is \(limit)"
        case .notUTF8(_, _, let byte):
            "the file is not UTF-8: byte 0x\(String(byte, radix: 16, uppercase: true))"
        case .unreadable(let reason): "the file cannot be read: \(reason)"
        }
    }

    package var help: String? {
        switch self {
        case .notFound(let beside):
            beside.isEmpty ? nil : "did you mean \(beside.map { "`\($0)`" }.joined(separator: " or "))?"
        case .directory: "name the files, as in: loadchaos check scenarios/*.scn"
        case .tooLarge(_, let limit) where limit > Scenario.sizeLimit: "take a part of it"
        case .tooLarge:
            "a scenario is written by hand, and its data and bodies become a part of each recording; "
                + "is this the right file?"
        case .notUTF8: "save it as UTF-8 (iconv -f latin1 -t utf-8)"
        case .unreadable: nil
        }
    }

    func finding(in path: String) -> Finding {
        guard case .notUTF8(let line, let column, _) = self else { return Finding(self, file: path) }
        return Finding(self, file: path, place: Span(line: line, column: column))
    }
}

extension Result<[UInt8], FileProblem> {
    /// Of a file that is written by hand, or sent whole: recordings alone may be larger.
    var small: Self {
        let limit = Scenario.sizeLimit
        switch self {
        case .success(let bytes) where bytes.count > limit:
            return .failure(.tooLarge(bytes: bytes.count, limit: limit))
        case .failure(.tooLarge(let bytes, _)): return .failure(.tooLarge(bytes: bytes, limit: limit))
        default: return self
        }
    }
}

/// The one place where this room touches the disk.
enum FileText {
    static func read(_ path: String) -> Result<String, FileProblem> {
        bytes(of: path, limit: Scenario.sizeLimit).flatMap(decode)
    }

    static func bytes(of path: String, limit: Int) -> Result<[UInt8], FileProblem> {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            return .failure(.notFound(beside: neighbours(of: path)))
        }
        if isDirectory.boolValue { return .failure(.directory) }
        do {
            let url = URL(fileURLWithPath: path)
            if let size = try url.resourceValues(forKeys: [.fileSizeKey]).fileSize, size > limit {
                return .failure(.tooLarge(bytes: size, limit: limit))
            }
            let file = try FileHandle(forReadingFrom: url)
            defer { file.closeFile() }
            // A pipe has no size; one byte more than the limit tells.
            var data = Data()
            while data.count <= limit, let more = try file.read(upToCount: limit + 1 - data.count),
                !more.isEmpty
            {
                data += more
            }
            return data.count > limit
                ? .failure(.tooLarge(bytes: nil, limit: limit)) : .success(Array(data))
        } catch {
            return .failure(.unreadable(reason: reason(error)))
        }
    }

    static func decode(_ bytes: [UInt8]) -> Result<String, FileProblem> {
        if let text = String(validating: bytes, as: UTF8.self) { return .success(text) }
        // Decode again with repairs, to see where the first byte stands that is not text.
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var (line, column, offset) = (1, 1, 0)
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            offset += UTF8.width(scalar)
            if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
        }
        return .failure(.notUTF8(line: line, column: column, byte: bytes[min(offset, bytes.count - 1)]))
    }

    /// What the system calls the error, without Foundation's prose around it.
    private static func reason(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        let code = underlying ?? (error as NSError)
        guard code.domain == NSPOSIXErrorDomain else { return code.localizedDescription }
        return String(cString: strerror(Int32(code.code)))
    }

    /// Files with the same ending in the same directory whose names are near.
    private static func neighbours(of path: String) -> [String] {
        let url = URL(fileURLWithPath: path)
        let directory = url.deletingLastPathComponent().path
        // A directory that cannot be listed has no name to suggest; that the file is missing is reported
        // anyway.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let alike = names.filter { $0.hasSuffix("." + url.pathExtension) }.sorted()
        return Suggestion.nearest(to: url.lastPathComponent, among: alike).map { [$0] } ?? []
    }
}
