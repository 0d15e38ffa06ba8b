import Foundation
import Testing

/// `capacity` and `simulate` refuse what they cannot do before anything is started.
@Suite struct CapacityCommandTests {
    private static let system = """
        system "shop"
        region ap-south-1
        zones ap-south-1a, ap-south-1b
        cluster shop
        balancer shop-alb in front of web

        services
            web    tasks 2 to 4  cpu 0.5vCPU   memory 1GiB    port 80
            cache  tasks 1       cpu 0.25vCPU  memory 512MiB  port 6379
        """

    private static func scenario(tags: String = "") -> String {
        """
        scenario "Calm"
        use "shop.system"
        \(tags)

        load
            hold 10/s for 10s

        requests
            100%  GET  /
        """
    }

    @Test(arguments: [
        (["shop.system"], "no scenario beside shop.system has the tag `capacity`"),
        (["calm.scn"], "shop promises no p95, so it is not known what must be met: add --p95 100ms"),
        (
            ["calm.scn", "--p95", "100ms", "--service", "db"],
            "--service db: shop has no such service; it has web, cache"
        ),
        (
            ["calm.scn", "--p95", "100ms", "--on", "http://127.0.0.1:1"],
            "--on http://127.0.0.1:1: a URL cannot be scaled"
        ),
        (
            ["journey.scn", "--p95", "100ms"],
            "journey.scn has `requests in order`, which only users send; capacity is measured at rates"
        ),
        (
            ["replay.scn", "--p95", "100ms"],
            "replay.scn has a `replay`, which has its own times; capacity is measured at rates"
        ),
        (["calm.scn", "--p95", "100ms", "--traffic", "none.csv"], "--traffic none.csv cannot be read"),
        (
            ["calm.scn", "--p95", "100ms", "--traffic", "bad.csv"],
            "--traffic bad.csv, line 2: \"many\" is no rate"
        ),
        (["calm.scn", "--p95", "100ms", "--growth", "8%/month"], "--growth needs to know from where"),
        (
            ["calm.scn", "--p95", "100ms", "--growth", "8%"],
            "The value '8%' is invalid for '--growth <growth>'"
        ),
        (
            ["calm.scn", "--p95", "100ms", "--tasks", "2,0"],
            "The value '2,0' is invalid for '--tasks <counts>'"
        ),
        (
            ["calm.scn", "--p95", "100ms", "--target", "100%"],
            "The value '100%' is invalid for '--target <share>'"
        ),
        (
            ["calm.scn", "--p95", "100ms", "--start-at", "90/s", "--up-to", "80/s"],
            "--start-at is over --up-to"
        ),
    ])
    func `what it cannot measure it refuses, with what to do`(_ arguments: [String], _ words: String) throws {
        let command = try Command()
        try command.write(Self.system, to: "shop.system")
        try command.write(Self.scenario(), to: "calm.scn")
        let journey = Self.scenario().replacing("hold 10/s", with: "hold 5 users")
            .replacing("requests\n    100%  GET", with: "requests in order\n    GET")
        try command.write(journey, to: "journey.scn")
        let replay = Self.scenario().replacing("hold 10/s for 10s", with: "replay \"access.log\"")
            .replacing("requests\n    100%  GET  /", with: "")
        try command.write(replay, to: "replay.scn")
        try command.write("a - - [10/Oct/2026:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1\n", to: "access.log")
        try command.write("0,10\n60,many\n", to: "bad.csv")
        let ending = try command.run(["capacity"] + arguments)
        #expect(ending.status == 64 && ending.errors.contains(words), "\(ending)")
    }

    @Test func `a scenario without a system is a bad one`() throws {
        let command = try Command()
        try command.write(Self.scenario().replacing("use \"shop.system\"", with: ""), to: "calm.scn")
        for verb in ["capacity", "simulate"] {
            let ending = try command.run(verb, "calm.scn")
            #expect([64, 65].contains(ending.status) && !ending.errors.isEmpty, "\(ending)")
        }
    }

    @Test func `a measurement that is not there is named with those that are`() throws {
        let command = try Command()
        try command.write(Self.system, to: "shop.system")
        try command.write(Self.scenario(tags: "tags capacity"), to: "calm.scn")
        // A results folder with a database, by a run against nobody.
        _ = try command.run("run", "calm.scn", "--on", "http://127.0.0.1:1")
        let ending = try command.run("capacity", "shop.system", "--p95", "100ms", "--measured", "last")
        #expect(
            ending.status == 64
                && ending.errors.contains("--measured last: no such measurement; there is none in"),
            "\(ending)")
    }
}
