import Foundation
import Testing

/// The rooms and what each may import, as drawn in ARCHITECTURE.md. SwiftPM lets transitive imports through, so
/// this compares every import line with the table in Package.swift.
struct RoomArrowTests {
    private static let system: Set<String> = [
        "Foundation", "FoundationEssentials", "FoundationXML", "Dispatch", "Glibc", "Synchronization",
        "Testing",
    ]
    private static let parts: [String: Set<String>] = [
        "Recorder": ["GRDB"], "Chaos": ["GRDB"],
        "Lab": ["Logging"],
        "Loopback": ["FlyingFox", "FlyingSocks"],
        "loadchaos": ["ArgumentParser"],
    ]

    @Test(arguments: House.rooms)
    func `a room imports only what its arrows allow`(room: String) throws {
        let allowed = try #require(House.arrows[room], "\(room) is not in Package.swift")
            .union(Self.system).union(Self.parts[room] ?? [])
        for file in House.swiftFiles(under: "Sources/\(room)") {
            for (number, line) in House.lines(of: file).enumerated() {
                guard let module = House.importedModule(line) else { continue }
                #expect(allowed.contains(module), "\(file):\(number + 1): \(room) may not import \(module)")
            }
        }
    }

    /// One that is not said is built before the tests or after them, as it happens.
    @Test func `tests import no room that they do not say they see`() {
        #expect(House.testArrows.count > 15)
        for (target, sees) in House.testArrows.sorted(by: { $0.key < $1.key }) {
            let unsaid = Set(House.rooms + ["TestKit"]).subtracting(sees)
            for file in House.swiftFiles(under: "Tests/\(target)") {
                for line in House.lines(of: file) {
                    guard let module = House.importedModule(line) else { continue }
                    #expect(
                        !unsaid.contains(module), "\(file): \(target) does not say that it sees \(module)")
                }
            }
        }
    }

    @Test func `no arrow is left over`() throws {
        for (room, sees) in House.arrows.sorted(by: { $0.key < $1.key }) where House.rooms.contains(room) {
            let used = Set(
                House.swiftFiles(under: "Sources/\(room)").flatMap { House.lines(of: $0) }
                    .compactMap(House.importedModule))
            #expect(
                sees.subtracting(used).isEmpty,
                "\(room) sees, but never imports, \(sees.subtracting(used).sorted())")
        }
    }

    @Test func `load and chaos never see each other, and only the command line sees text and engines`() {
        #expect(House.arrows["Load"]?.contains("Chaos") == false)
        #expect(House.arrows["Chaos"]?.contains("Load") == false)
        for room in House.rooms where room != "loadchaos" {
            #expect(House.arrows[room]?.contains("Scenario") == false, "\(room) sees text")
        }
    }

    @Test func `every room is described in ARCHITECTURE`() {
        let text = House.lines(of: "ARCHITECTURE.md").joined(separator: "\n")
        for room in House.rooms {
            #expect(text.contains("`\(room)`"), "\(room) is missing from ARCHITECTURE.md")
        }
    }
}
