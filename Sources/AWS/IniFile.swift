/// The text of `~/.aws/config` or `~/.aws/credentials`: sections of `key = value` lines.
///
/// Indented lines below a key are sub-settings (`s3 =`), which nothing here needs: they are skipped, as are lines
/// starting with `#` or `;`. A comment behind a value must follow a blank.
struct IniFile {
    private var sections: [String: [String: String]] = [:]

    init(_ text: String) {
        var section: String?
        for line in text.split(whereSeparator: \.isNewline) {
            if line.first == "#" || line.first == ";" || line.first?.isWhitespace == true { continue }
            let words = line.trimmed
            if words.hasPrefix("["), let end = words.firstIndex(of: "]") {
                let name = words[words.index(after: words.startIndex)..<end]
                section = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                continue
            }
            guard let section, let equals = words.firstIndex(of: "=") else { continue }
            var value = words[words.index(after: equals)...]
            for mark in [" #", " ;", "\t#", "\t;"] {
                if let comment = value.firstRange(of: mark) { value = value[..<comment.lowerBound] }
            }
            sections[section, default: [:]][words[..<equals].trimmed.lowercased()] = value.trimmed
        }
    }

    /// Settings of a profile: `[name]` in the credentials file; `[profile name]`, or `[default]`, in the config file.
    func profile(_ name: String) -> [String: String]? { sections["profile \(name)"] ?? sections[name] }
}

extension StringProtocol {
    /// Without blanks at both ends.
    var trimmed: String {
        var rest = Substring(self)
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
