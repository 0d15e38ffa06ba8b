import Foundation
import Plan
import Scenario
import Testing

/// What is said about files that cannot be read as scenarios. Each test has a directory of its own.
@Suite final class FileTests {
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(
            path: "loadchaos-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(at: directory) } catch {
            Issue.record("left behind: \(directory.path)")
        }
    }

    private func findings(_ name: String, _ bytes: [UInt8]? = nil) throws -> String {
        let url = directory.appending(path: name)
        if let bytes { try Data(bytes).write(to: url) }
        let reading = Scenario.load(path: url.path)
        #expect((reading.value == nil) == (reading.errors > 0))
        return reading.findings.map(\.description).joined(separator: "\n")
            .replacing(directory.path + "/", with: "")
    }

    @Test func `a missing file is named, with its neighbour`() throws {
        #expect(try findings("az.scn") == "az.scn: error: there is no such file")
        try Data().write(to: directory.appending(path: "az-failure.scn"))
        #expect(
            try findings("az-failrue.scn") == """
                az-failrue.scn: error: there is no such file
                help: did you mean `az-failure.scn`?
                """)
    }

    @Test func `a directory is no scenario`() throws {
        try FileManager.default.createDirectory(
            at: directory.appending(path: "d.scn"), withIntermediateDirectories: false)
        #expect(
            try findings("d.scn") == """
                d.scn: error: this is a directory, not a file
                help: name the files, as in: loadchaos check scenarios/*.scn
                """)
    }

    @Test func `a file of 10 MB is not read`() throws {
        #expect(
            try findings("big.scn", [UInt8](repeating: 0x23, count: 10_000_000)) == """
                big.scn: error: the file has 10000000 bytes; the most is 1000000
                help: a scenario is written by hand, and its data and bodies become a part of each recording; is this the right file?
                """)
    }

    @Test func `the largest file that is read has a million bytes`() throws {
        let comments = [UInt8](repeating: 0x23, count: Scenario.sizeLimit)
        #expect(try findings("full.scn", comments).contains("the file has comments only"))
        #expect(try findings("over.scn", comments + [0x23]).contains("the file has 1000001 bytes"))
    }

    @Test func `bytes that are not UTF-8 are shown by line and column`() throws {
        #expect(
            try findings("latin.scn", Array("# ok\n# caf".utf8) + [0xE9, 0x0A]) == """
                latin.scn:2:6: error: the file is not UTF-8: byte 0xE9
                help: save it as UTF-8 (iconv -f latin1 -t utf-8)
                """)
    }

    @Test func `a program instead of a scenario is one finding`() throws {
        #expect(
            try findings("elf.scn", [0x7F, 0x45, 0x4C, 0x46, 0x02, 0x80, 0xFF]).hasPrefix(
                "elf.scn:1:6: error: the file is not UTF-8: byte 0x80"))
    }

    @Test func `an empty file has nothing to check`() throws {
        #expect(
            try findings("empty.scn", []) == """
                empty.scn: error: the file is empty
                help: docs/language.md begins with a whole scenario
                """)
        #expect(
            try findings("blank.scn", Array(" \n\t\n# nothing\n".utf8)) == """
                blank.scn: error: the file has comments only
                help: docs/language.md begins with a whole scenario
                """)
    }

    @Test func `lines that end in CR LF are a warning, and read all the same`() {
        let reading = Sample.parse(Sample.scenario.replacing("\n", with: "\r\n"))
        #expect(
            reading.findings.map(\.description) == [
                """
                a.scn:1:28: warning: 20 lines end with CR LF
                scenario "A zone goes dark"
                                           ^
                help: `loadchaos fmt` makes them LF
                """
            ])
        #expect(reading.value == Sample.parse(Sample.scenario).value)
    }

    @Test func `a line too long for a terminal is cut around the caret`() {
        let long = String(repeating: "x", count: 300) + "^" + String(repeating: "y", count: 300)
        let reading = Sample.parse(Sample.scenario.replacing("/api/items  json", with: "/api/\(long)  json"))
        let lines = reading.findings[0].description.split(separator: "\n")
        #expect(lines[0] == "a.scn:11:320: error: `^` cannot stand in a path")
        #expect(lines[1].count == 120 && lines[1].hasPrefix("…xxx") && lines[1].hasSuffix("yyy…"))
        #expect(lines[2].count == 61 && lines[1].dropFirst(60).first == "^")
    }

    @Test func `use starts from the scenario's own directory`() throws {
        try Data(Sample.system.utf8).write(to: directory.appending(path: "shop.system"))
        #expect(try findings("a.scn", Array(Sample.scenario.utf8)) == "")
        try Data(Sample.system.replacing("region ap-south-1\n", with: "").utf8)
            .write(to: directory.appending(path: "shop.system"))
        #expect(
            try findings("a.scn", Array(Sample.scenario.utf8)) == """
                shop.system: error: the system has no `region`
                help: for example: region ap-south-1
                """)
    }
}
