import Plan

/// Reads `$.items[0]['first name']`: the way to one value in a text of JSON.
struct JSONPathReader {
    struct Fault: Error {
        /// Where in the text, from 0.
        var offset: Int
    }

    private let text: [Unicode.Scalar]
    private var at = 0

    static func read(_ text: [Unicode.Scalar]) throws(Fault) -> JSONPath {
        var reader = JSONPathReader(text: text)
        return try reader.path()
    }

    private init(text: [Unicode.Scalar]) { self.text = text }

    private mutating func path() throws(Fault) -> JSONPath {
        try expect("$")
        var steps: [JSONPath.Step] = []
        while at < text.count {
            if take(".") {
                steps.append(.key(try name()))
            } else {
                try expect("[")
                steps.append(try inBrackets())
                try expect("]")
            }
        }
        return JSONPath(steps)
    }

    private mutating func name() throws(Fault) -> String {
        let start = at
        while let scalar = peek, JSONPath.isNameScalar(scalar) { at += 1 }
        guard at > start else { throw Fault(offset: at) }
        return String(text: text[start..<at])
    }

    private mutating func inBrackets() throws(Fault) -> JSONPath.Step {
        if let quote = peek, quote == "'" || quote == "\"" {
            at += 1
            let start = at
            while let scalar = peek, scalar != quote { at += 1 }
            let key = String(text: text[start..<at])
            try expect(quote)
            return .key(key)
        }
        let start = at
        while peek?.isDigit == true { at += 1 }
        guard let index = Int(String(text: text[start..<at])) else { throw Fault(offset: start) }
        return .index(index)
    }

    private var peek: Unicode.Scalar? { at < text.count ? text[at] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(Fault) {
        guard take(scalar) else { throw Fault(offset: at) }
    }
}
