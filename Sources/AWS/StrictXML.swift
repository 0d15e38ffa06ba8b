import Foundation
import FoundationXML

/// An element of an XML answer, without attributes: AWS's answers have none but the namespace.
package struct XMLElement: Hashable, Sendable {
    /// Without its namespace prefix.
    package var name: String
    /// All text directly inside, without blanks at both ends.
    package var text: String = ""
    package var children: [XMLElement] = []

    package subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The text at the end of a path of names; nil if it is not there or empty.
    package func text(_ path: String...) -> String? {
        var element: XMLElement? = self
        for name in path { element = element?[name] }
        return element.flatMap { $0.text.isEmpty ? nil : $0.text }
    }

    /// The `<member>` or `<item>` elements below `name`: how the Query and the EC2 flavour write lists.
    package func list(_ name: String) -> [XMLElement] {
        self[name]?.children.filter { $0.name == "member" || $0.name == "item" } ?? []
    }

    /// The first element of this name at any depth, itself included.
    package func first(_ name: String) -> XMLElement? {
        if self.name == name { return self }
        for child in children {
            if let found = child.first(name) { return found }
        }
        return nil
    }
}

/// Not one whole, well-formed XML document: why.
package struct XMLFault: Error, Hashable, CustomStringConvertible {
    package var description: String
}

/// Foundation's XMLParser behind a check of its own.
///
/// On Linux `parse()` returns true for mismatched tags and for documents cut off half-way. So a document counts only
/// if parse() is true, parserError is nil, there was exactly one root, and no element was left open.
package enum StrictXML {
    /// AWS's answers are at most a dozen levels deep.
    static let depthLimit = 64

    package static func parse(_ bytes: [UInt8]) throws(XMLFault) -> XMLElement {
        guard !bytes.isEmpty else { throw XMLFault(description: "the document is empty") }
        let builder = TreeBuilder()
        let parser = XMLParser(data: Data(bytes))
        parser.shouldResolveExternalEntities = false
        parser.delegate = builder
        let isAccepted = parser.parse()
        if let problem = builder.problem { throw XMLFault(description: problem) }
        if let error = parser.parserError {
            let code = (error as NSError).code
            throw XMLFault(description: "not well-formed at line \(parser.lineNumber) (XML error \(code))")
        }
        guard isAccepted else { throw XMLFault(description: "not well-formed at line \(parser.lineNumber)") }
        if let open = builder.open.last { throw XMLFault(description: "<\(open.name)> is not closed") }
        guard builder.roots.count == 1 else {
            throw XMLFault(description: "expected one root element, found \(builder.roots.count)")
        }
        return builder.roots[0]
    }

    private final class TreeBuilder: NSObject, XMLParserDelegate {
        var open: [XMLElement] = []
        var roots: [XMLElement] = []
        var problem: String?

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            guard open.count < StrictXML.depthLimit else {
                problem = "elements are nested deeper than \(StrictXML.depthLimit)"
                parser.abortParsing()
                return
            }
            open.append(XMLElement(name: name.split(separator: ":").last.map(String.init) ?? name))
        }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
        ) {
            guard var element = open.popLast() else {
                problem = "</\(name)> closes nothing"
                return
            }
            element.text = element.text.trimmed
            if open.isEmpty {
                roots.append(element)
            } else {
                open[open.count - 1].children.append(element)
            }
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            if !open.isEmpty { open[open.count - 1].text += text }
        }

        func parser(_ parser: XMLParser, foundCDATA block: Data) {
            if !open.isEmpty { open[open.count - 1].text += String(decoding: block, as: UTF8.self) }
        }
    }
}
