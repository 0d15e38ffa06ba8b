import Conductor
import History
import Testing

struct ReadBackTests {
    private static let entry = LedgerEntry(
        index: 7, route: 0, key: "k", readPath: "/items/k", body: #"{"id": "k", "name": "item 7", "n": 3}"#)

    @Test(arguments: [
        (200, #"{"id":"k","name":"item 7","n":3,"created":"today"}"#, LedgerEntry.ReadBack?.some(.present)),
        (200, #"{"id":"k","name":"item 8","n":3}"#, .some(.corrupt)),
        (200, #"{"id":"k","n":3}"#, .some(.corrupt)),  // a field that was sent is gone
        (200, "<html>", .some(.corrupt)),
        (200, #"[{"id":"k","name":"item 7","n":3}]"#, .some(.present)),
        (200, #"[{"id":"k","name":"item 7","n":3},{"id":"k","name":"item 7","n":3}]"#, .some(.duplicate)),
        (200, "[]", .some(.absent)),
        (404, "", .some(.absent)),
        (410, "", .some(.absent)),
        (500, "", nil),  // says nothing of the write: ask again
        (429, "", nil),
        (302, "", nil),
    ])
    func `an answer is judged by status and by what was sent`(
        status: Int, body: String, expected: LedgerEntry.ReadBack?
    ) {
        #expect(ReadBackAnswer.judge(status: status, body: Array(body.utf8), sent: Self.entry) == expected)
    }

    @Test func `a write without a JSON body is there when it answers`() {
        var text = Self.entry
        text.body = "plain"
        #expect(ReadBackAnswer.judge(status: 200, body: [], sent: text) == .present)
    }
}
