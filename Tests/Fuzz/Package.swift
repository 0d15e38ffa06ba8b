// swift-tools-version: 6.2
// The parsers under libFuzzer. A package of its own, as its code is built with a sanitizer that watches which branches are
// taken; its rooms are those of the product, by links. `scripts/fuzz` builds and runs it.
import PackageDescription

let watched: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-sanitize=fuzzer"]),
]

func room(_ name: String, sees rooms: [String] = []) -> Target {
    .target(name: name, dependencies: rooms.map { .byName(name: $0) }, swiftSettings: watched)
}

func fuzzer(_ name: String, of room: String) -> Target {
    .executableTarget(
        name: name, dependencies: ["Fuzzing", .byName(name: room)],
        swiftSettings: watched + [.unsafeFlags(["-parse-as-library"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
}

let package = Package(
    name: "fuzz",
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        room("Plan"),
        room("Scenario", sees: ["Plan"]),
        room("HTTP", sees: ["CCurl", "CZlib"]),
        room("Fuzzing"),
        fuzzer("FuzzResponse", of: "HTTP"),
        fuzzer("FuzzScenario", of: "Scenario"),
        fuzzer("FuzzCanary", of: "HTTP"),
    ]
)
