import AWS
import Testing

@Suite struct StrictXMLTests {
    @Test func `names, texts, entities and lists are read`() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <r:Answer xmlns:r="urn:x" xmlns="urn:y"><Id> a &amp; b &#252; </Id><Set><item><K>1</K></item><item/></Set>
            <List><member>x</member></List><Empty/><Data><![CDATA[<raw>]]></Data></r:Answer>
            """
        let root = try StrictXML.parse(Array(text.utf8))
        #expect(root.name == "Answer")
        #expect(root.text("Id") == "a & b ü")
        #expect(root.list("Set").map { $0.text("K") } == ["1", nil])
        #expect(root.list("List").map(\.text) == ["x"])
        #expect(root.list("Empty").isEmpty)
        #expect(root.text("Empty") == nil)
        #expect(root.text("Data") == "<raw>")
        #expect(root.first("K")?.text == "1")
    }

    /// XMLParser's `parse()` returns true for most of these on Linux.
    @Test(arguments: [
        "", " ", "{}", "<a>", "<a><b></a>", "<a></b>", "<a x=1/>", "<a><b>cut o", "<a/><b/>", "text",
        "<a>&nope;</a>",
        "<a></a>trailing", "<a/", "</a>", "<html><p>unclosed<br></html>", "\u{0}", "<a>\u{1}</a>",
    ])
    func `a broken document is refused`(text: String) {
        #expect(throws: XMLFault.self) { try StrictXML.parse(Array(text.utf8)) }
    }

    @Test func `a document nested too deeply is refused`() {
        let text = String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100)
        let fault = #expect(throws: XMLFault.self) { try StrictXML.parse(Array(text.utf8)) }
        #expect(fault?.description == "elements are nested deeper than 64")
    }

    @Test func `every cut of a good document is refused`() throws {
        let whole = Array("<A><B>text</B><C><item>1</item></C></A>".utf8)
        _ = try StrictXML.parse(whole)
        for count in 0..<whole.count {
            #expect(throws: XMLFault.self) { try StrictXML.parse(Array(whole[..<count])) }
        }
    }

    @Test func `an external entity is not fetched`() {
        let text = #"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>"#
        let read = try? StrictXML.parse(Array(text.utf8)).text
        #expect(read == nil || read == "")
    }
}
