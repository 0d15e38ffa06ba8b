import Foundation

/// The repository as text.
enum House {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static var rooms: [String] {
        contents(of: "Sources").filter { !$0.hasPrefix(".") }.sorted()
    }

    static func contents(of folder: String) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
        } catch {
            preconditionFailure("cannot list \(folder): \(error)")
        }
    }

    /// Paths relative to the root, sorted.
    static func swiftFiles(under folder: String) -> [String] {
        let base = root.appending(path: folder).path
        guard let walk = FileManager.default.enumerator(atPath: base) else { return [] }
        return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") && !$0.hasPrefix(".build") }
            .map { "\(folder)/\($0)" }.sorted()
    }

    static func lines(of file: String) -> [String] {
        do {
            return try String(contentsOf: root.appending(path: file), encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        } catch { preconditionFailure("cannot read \(file): \(error)") }
    }

    static func importedModule(_ line: String) -> String? {
        var words = line.split(separator: " ").map(String.init)
        if let first = words.first, ["package", "public", "@testable", "private", "internal"].contains(first)
        {
            words.removeFirst()
        }
        guard words.first == "import", words.count >= 2 else { return nil }
        return words.count >= 3 ? words[2].split(separator: ".").first.map(String.init) : words[1]
    }

    /// room → the rooms it sees, read from Package.swift.
    static let arrows: [String: Set<String>] = {
        var arrows: [String: Set<String>] = [:]
        let text = lines(of: "Package.swift").joined(separator: " ")
        for match in text.matches(of: /room\("(\w+)"(?:, sees: \[([^\]]*)\])?/) {
            arrows[String(match.1)] = names(match.2)
        }
        for match in text.matches(of: /executableTarget\(\s*name: "loadchaos",\s*dependencies: \[([^\]]*)\]/)
        {
            arrows["loadchaos"] = names(match.1)
        }
        for match in text.matches(of: /systemLibrary\(\s*name: "(\w+)"/) { arrows[String(match.1)] = [] }
        return arrows
    }()

    /// Target of tests → what it sees, likewise.
    static let testArrows: [String: Set<String>] = {
        let text = lines(of: "Package.swift").joined(separator: " ")
        let matches = text.matches(of: /tests\(\s*"(\w+)",\s*sees: \[([^\]]*)\]/)
        return Dictionary(uniqueKeysWithValues: matches.map { (String($0.1), names($0.2)) })
    }()

    private static func names(_ list: Substring?) -> Set<String> {
        Set((list ?? "").matches(of: /"(\w+)"/).map { String($0.1) })
    }
}
