import Foundation
import Plan
import Scenario
import Testing

/// `file`: a file's bytes as the body of a request.
@Suite struct FileBodyTests {
    private static func parse(
        _ request: String, _ files: [String: [UInt8]] = [:]
    ) -> Reading<Plan> {
        let text = """
            scenario "Photos"

            load
                hold 1/s for 1m

            requests
                100%  \(request)

            expect
                error rate  < 1%

            """
        return Scenario.parse(text: text, file: "tests/a.scn") { path in
            files[path].map { .success($0) } ?? .failure(.notFound(beside: ["photo.jpg"]))
        }
    }

    private static func finding(_ request: String) -> String {
        parse(request, ["tests/photo.jpg": [0xFF]]).findings.map(\.description).joined(separator: "\n")
    }

    @Test(arguments: [
        ("a.json", "application/json"), ("a.xml", "application/xml"), ("a.txt", "text/plain; charset=utf-8"),
        ("a.html", "text/html; charset=utf-8"), ("a.csv", "text/csv; charset=utf-8"), ("a.jpg", "image/jpeg"),
        ("b.c/a.JPEG", "image/jpeg"), ("a.png", "image/png"), ("a.gif", "image/gif"),
        ("a.webp", "image/webp"),
        ("a.pdf", "application/pdf"), ("a.zip", "application/zip"), ("a.tar.gz", "application/gzip"),
        ("a.bin", "application/octet-stream"), ("a", "application/octet-stream"),
        ("b.png/a", "application/octet-stream"), ("png", "application/octet-stream"),
    ])
    func `the body is the file's bytes, and its type is that of the name's ending`(
        _ name: String, _ type: String
    ) throws {
        // Neither UTF-8 nor anything that the language could take for a placeholder.
        let bytes: [UInt8] = [0x00, 0xFF, 0x0D, 0x0A] + Array("{uuid}\"".utf8)
        let reading = Self.parse("PUT /photo  file \"\(name)\"", ["tests/\(name)": bytes])
        for finding in reading.findings { Issue.record("\(finding)") }
        #expect(reading.value?.requests[0].body == Request.Body(contentType: type, bytes: bytes))
    }

    @Test func `a path from the root is taken as it is, and a file may be empty`() {
        let reading = Self.parse("POST /  file \"/data/none.txt\"", ["/data/none.txt": []])
        #expect(reading.value?.requests[0].body?.content == .bytes([]))
    }

    @Test(arguments: [
        (
            "POST /  file \"photo.jgp\"",
            #"""
            tests/a.scn:7:24: error: photo.jgp: there is no such file
                100%  POST /  file "photo.jgp"
                                   ^~~~~~~~~~~
            note: the path starts from the directory of the scenario
            help: did you mean `photo.jpg`?
            """#
        ),
        (
            "POST /  file photo.jpg",
            #"""
            tests/a.scn:7:24: error: expected the name of a file in quotes, found `photo.jpg`
                100%  POST /  file photo.jpg
                                   ^~~~~~~~~
            help: "photo.jpg"
            """#
        ),
        (
            "POST /  file \"\"",
            #"""
            tests/a.scn:7:24: error: `""` is not the name of a file
                100%  POST /  file ""
                                   ^~
            """#
        ),
        (
            "POST /  file \"photo.jpg\"  text \"a\"",
            #"""
            tests/a.scn:7:37: error: a second body in one request
                100%  POST /  file "photo.jpg"  text "a"
                                                ^~~~
            help: leave one of them
            """#
        ),
        (
            "GET /  file \"photo.jpg\"",
            #"""
            tests/a.scn:7:18: error: GET carries no body
                100%  GET /  file "photo.jpg"
                             ^~~~
            help: use POST, PUT or PATCH, or leave the body out
            """#
        ),
        (
            "POST /  file \"photo.jpg\"  tracked",
            #"""
            tests/a.scn:7:37: error: the tracked request does not send its key, {uuid}
                100%  POST /  file "photo.jpg"  tracked
                                                ^~~~~~~
            note: a tracked write is read back by GET after the run, to find lost ones
            help: put it into the body or the path: json {"id": "{uuid}"}
            """#
        ),
    ])
    func `a finding says what, where and how to put it right`(_ request: String, _ expected: String) {
        #expect(Self.finding(request) == expected)
    }

    @Test func `a file of the disk is read from beside the scenario, and no more than a million bytes of it`()
        throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "loadchaos-body-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let scenario = folder.appending(path: "a.scn")
        let text = """
            scenario "A"
            load
                hold 1/s for 1m
            requests
                100%  POST /  file "a.png"
            expect
                error rate  < 1%
            """
        try Data(text.utf8).write(to: scenario)
        let bytes = (0..<Scenario.sizeLimit).map { UInt8(truncatingIfNeeded: $0) }
        try Data(bytes).write(to: folder.appending(path: "a.png"))
        let plan = try #require(Scenario.load(path: scenario.path).value)
        #expect(plan.requests[0].body == Request.Body(contentType: "image/png", bytes: bytes))
        try Data(bytes + [0]).write(to: folder.appending(path: "a.png"))
        let found = Scenario.load(path: scenario.path).findings.map(\.description).joined()
        #expect(found.contains("a.png: the file has 1000001 bytes; the most is 1000000"), "\(found)")
        #expect(found.contains("its data and bodies become a part of each recording"), "\(found)")
    }
}
