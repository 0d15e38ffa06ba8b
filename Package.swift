// swift-tools-version: 6.2
import PackageDescription

/// What every room is built with: Swift 6 mode, explicit existentials and imports, no warning left standing.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A room of the house. `sees` lists the rooms it may import; HouseTests compares every import with it.
func room(_ name: String, sees rooms: [String] = [], parts: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: rooms.map { .byName(name: $0) } + parts, swiftSettings: strict)
}

func tests(_ name: String, sees rooms: [String], parts: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name, dependencies: rooms.map { .byName(name: $0) } + parts, swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let hdrHistogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

let package = Package(
    name: "loadchaos",
    products: [.executable(name: "loadchaos", targets: ["loadchaos"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // The two contracts.
        room("Plan"),
        room("History", sees: ["Plan"]),
        // Text in, Plan out.
        room("Scenario", sees: ["Plan"]),
        // History on disk.
        room("Recorder", sees: ["Plan", "History"], parts: [grdb]),
        // Talking HTTP.
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev", "libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        room("HTTP", sees: ["CCurl", "CZlib"]),
        // Programs of this machine.
        room("CLab"),
        room("Spawn", sees: ["CLab"]),
        // The engines.
        room("Load", sees: ["Plan", "History", "HTTP", "CCurl"]),
        room("AWS", sees: ["HTTP", "Spawn"]),
        room("Shell", sees: ["Plan", "History", "Spawn"]),
        room("Chaos", sees: ["Plan", "History", "AWS", "Spawn", "Shell"], parts: [grdb]),
        room("Watch", sees: ["Plan", "History", "AWS", "Shell"]),
        room("Conductor", sees: ["Plan", "History", "HTTP", "Load", "Chaos", "Watch", "Verdict"]),
        // The readers.
        room("Verdict", sees: ["Plan", "History"]),
        room("Capacity", sees: ["Plan", "History", "Verdict"]),
        room("Report", sees: ["Plan", "History", "Verdict", "Capacity"]),
        // HTTP for this machine alone.
        room("Loopback", parts: [flyingFox, flyingSocks]),
        room("Live", sees: ["Plan", "History", "Report", "Loopback"]),
        // The system under test, on this machine.
        room("Lab", sees: ["CLab", "Spawn", "Loopback"], parts: [logging]),
        // The command line.
        .executableTarget(
            name: "loadchaos",
            dependencies: [
                "Plan", "History", "Scenario", "Recorder", "HTTP", "Load", "AWS", "Chaos", "Watch",
                "Conductor", "Verdict", "Capacity", "Report", "Live", "Loopback", "Spawn", "Lab",
                argumentParser,
            ],
            swiftSettings: strict),

        // Tests mirror Sources; TestKit has the simulated clock and the scripted target.
        .target(
            name: "TestKit", dependencies: ["Plan", "History", "Spawn"], path: "Tests/TestKit",
            swiftSettings: strict),
        tests("PlanTests", sees: ["Plan"]),
        tests("HistoryTests", sees: ["Plan", "History", "TestKit"], parts: [hdrHistogram]),
        tests("ScenarioTests", sees: ["Plan", "Scenario"]),
        tests("RecorderTests", sees: ["Plan", "History", "Recorder"], parts: [grdb]),
        tests("HTTPTests", sees: ["HTTP", "TestKit"]),
        tests("LoadTests", sees: ["Plan", "History", "HTTP", "Load", "TestKit"]),
        tests("AWSTests", sees: ["AWS", "HTTP", "TestKit"]),
        tests("SpawnTests", sees: ["Spawn"]),
        tests("ShellTests", sees: ["Plan", "History", "Spawn", "Shell"]),
        tests("ChaosTests", sees: ["Plan", "History", "AWS", "Spawn", "Chaos", "TestKit"]),
        // What the crash matrix kills.
        .executableTarget(
            name: "FaultPlayer", dependencies: ["Plan", "History", "Scenario", "AWS", "Chaos", "TestKit"],
            path: "Tests/FaultPlayer", swiftSettings: strict),
        // A server whose latency is known, for the benchmarks.
        .executableTarget(
            name: "TruthServer", dependencies: ["Plan", "TestKit", argumentParser], path: "Tests/TruthServer",
            swiftSettings: strict),
        tests("WatchTests", sees: ["Plan", "History", "HTTP", "AWS", "Shell", "Watch", "TestKit"]),
        tests(
            "ConductorTests",
            sees: ["Plan", "History", "Load", "Chaos", "Watch", "Conductor", "Verdict", "TestKit"]),
        tests("VerdictTests", sees: ["Plan", "History", "Verdict", "TestKit"]),
        tests("CapacityTests", sees: ["Plan", "History", "Verdict", "Capacity", "TestKit"]),
        tests("ReportTests", sees: ["Plan", "History", "Verdict", "Capacity", "Report", "TestKit"]),
        tests("LiveTests", sees: ["Plan", "History", "Loopback", "Live", "TestKit"]),
        tests("LabTests", sees: ["CLab", "Spawn", "Lab", "Loopback"]),
        tests("CommandTests", sees: ["Spawn", "TestKit"]),
        tests("HouseTests", sees: []),
    ]
)
