package import Plan

/// What became of one probe: when it ran, how its command ended, and what it printed.
package struct ProbeRecord: Hashable, Sendable {
    /// Index into the Plan's probes.
    package var index: Int
    package var name: String
    /// What it runs on, once that is known: `this machine`, or the id of its task.
    package var place: String
    /// Real time since the start of the load, when its start was asked for and when its end was seen.
    package var started: Nanoseconds
    package var ended: Nanoseconds?
    /// Of the command; nil: it has not ended, or its end says nothing (`problem`).
    package var exitCode: Int?
    /// The first number of the output, and the line it stands in.
    package var number: Double?
    package var numberLine: String?
    /// The last lines of the output, at most `ProbeOutput.linesMax`.
    package var output: String
    /// Why there is no answer: it could not be started, took too long, was ended with the run.
    package var problem: String?

    package init(index: Int, name: String, place: String = "", started: Nanoseconds) {
        self.index = index
        self.name = name
        self.place = place
        self.started = started
        output = ""
    }
}

/// What is kept of a command's output, and the number that is found in it. Pure; bounded however much is printed.
package struct ProbeOutput: Hashable, Sendable {
    package static let linesMax = 20
    /// Bytes kept of the beginning, in which the number is looked for, and of the end, for people.
    package static let headMax = 65_536
    package static let tailMax = 8_192
    static let lineWidthMax = 200

    private var head: [UInt8] = []
    private var tail: [UInt8] = []

    package init() {}

    package init(_ text: String) { add(Array(text.utf8)) }

    package mutating func add(_ bytes: some Collection<UInt8>) {
        head += bytes.prefix(Self.headMax - head.count)
        tail += bytes.suffix(Self.tailMax)
        if tail.count > Self.tailMax { tail.removeFirst(tail.count - Self.tailMax) }
    }

    /// The last lines, those of a progress display (ended by CR) included; without blank ones.
    package var lastLines: String {
        Self.lines(tail).suffix(Self.linesMax).map { Self.shortened($0) }.joined(separator: "\n")
    }

    /// The first number that stands by itself, `41.5` in `41.5ms` or `"GET","41.5"`; not the 50 of `p50`, an address
    /// or a date. A comma ends it: it separates fields at least as often as thousands.
    package var number: (value: Double, line: String)? {
        for line in Self.lines(head) {
            if let value = Self.firstNumber(in: line) { return (value, Self.shortened(line)) }
        }
        return nil
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split { $0 == 0x0A || $0 == 0x0D }.map { line in
            var text = String(decoding: line, as: UTF8.self)
            while text.last?.isWhitespace == true { text.removeLast() }
            return text
        }.filter { !$0.isEmpty }
    }

    private static func shortened(_ line: String) -> String {
        line.count <= lineWidthMax ? line : line.prefix(lineWidthMax) + "…"
    }

    static func firstNumber(in line: String) -> Double? {
        for word in line.unicodeScalars.split(whereSeparator: { !isPart($0) }) {
            let number = word.prefix { isDigit($0) || $0 == "." || $0 == "-" || $0 == "+" }
            let rest = word[number.endIndex...]
            let exponent = exponent(of: rest)
            // More digits further on: an address, a time, a date, a hash.
            guard exponent != nil || !rest.contains(where: isDigit) else { continue }
            if let value = Double(String(number) + (exponent ?? "")) { return value }
        }
        return nil
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }

    /// `e+06` of `e+06`; nil: what follows is a unit.
    private static func exponent(of text: Substring.UnicodeScalarView) -> String? {
        guard let first = text.first, first == "e" || first == "E" else { return nil }
        let rest = text.dropFirst()
        let digits = rest.first == "+" || rest.first == "-" ? rest.dropFirst() : rest
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        return String(text)
    }

    /// Of a word; everything else parts them.
    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || isDigit(scalar) || "_.-+:/".unicodeScalars.contains(scalar)
    }
}
