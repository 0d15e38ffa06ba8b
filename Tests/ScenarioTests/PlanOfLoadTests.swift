import Plan
import Scenario
import Testing

/// What `load` means in the Plan: its model, arrivals and connections.
@Suite struct PlanOfLoadTests {
    private func plan(_ edits: Edit...) throws -> Plan { try Sample.plan(edits) }

    @Test func `steps, spikes and waves become phases, from low to high and back`() throws {
        let load = """
            step from 20/s to 60/s by 20/s every 30s
                step from 60/s to 50/s by 5/s every 1s
                spike from 50/s to 500/s over 11s
                wave from 50/s to 10/s every 5m for 20m
                poisson arrivals
            """
        let plan = try plan(Edit("hold 80/s for 9m", to: load))
        func hold(_ rate: Double, _ seconds: Double) -> Phase {
            Phase(.hold, startRate: rate, endRate: rate, duration: .seconds(seconds))
        }
        #expect(
            plan.streams[0].load
                == .open([
                    Phase(.warmUp, startRate: 20, endRate: 20, duration: .seconds(30)),
                    hold(20, 30), hold(40, 30), hold(60, 30), hold(60, 1), hold(55, 1), hold(50, 1),
                    Phase(.ramp, startRate: 50, endRate: 500, duration: .seconds(5.5)),
                    Phase(.ramp, startRate: 500, endRate: 50, duration: .seconds(5.5)),
                    Phase(
                        .wave, startRate: 50, endRate: 10, duration: .seconds(1200), period: .seconds(300)),
                ]))
        #expect(plan.streams[0].arrivals == .poisson)
        #expect(try self.plan().streams[0].arrivals == .even)
    }

    @Test func `users come in phases of their own, and think`() throws {
        let edits = [
            Edit("warm up at 20/s", to: "warm up with 1 user"),
            Edit(
                "hold 80/s for 9m",
                to: "ramp from 0 to 50 users over 1m\n    hold 50 users for 8m\n    think 500ms to 1.5s"),
        ]
        let plan = try plan(edits[0], edits[1])
        #expect(
            plan.streams[0].load
                == .closed(
                    [
                        UserPhase(.warmUp, startUsers: 1, endUsers: 1, duration: .seconds(30)),
                        UserPhase(.ramp, startUsers: 0, endUsers: 50, duration: .seconds(60)),
                        UserPhase(.hold, startUsers: 50, endUsers: 50, duration: .seconds(480)),
                    ], think: ThinkTime(shortest: .milliseconds(500), longest: .milliseconds(1500))))
        #expect(plan.inFlightLimit == 50 && plan.measuredFrom == .seconds(30))
    }

    @Test func `load travels over https or http2 only where it is said, at any place among the phases`()
        throws
    {
        #expect(try plan().transport == nil)
        let edit = Edit("hold 80/s for 9m", to: "over https\n    hold 80/s for 9m")
        #expect(try plan(edit).transport == .https)
        #expect(try plan(edit).streams == plan().streams)
        #expect(
            try plan(Edit("hold 80/s for 9m", to: "over http2\n    hold 80/s for 9m")).transport == .http2)
    }

    @Test func `handshakes are whole unless it is said`() throws {
        #expect(try plan().handshakes == .whole)
        let resuming = try plan(
            Edit("hold 80/s for 9m", to: "over https resuming\n    hold 80/s for 9m"))
        #expect(resuming.handshakes == .resumed && resuming.transport == .https)
    }

    @Test func `connections last unless it is said how long`() throws {
        func reconnect(_ words: String) throws -> Reconnect? {
            try plan(Edit("hold 80/s for 9m", to: "hold 80/s for 9m\n    \(words)")).streams[0].reconnect
        }
        #expect(try plan().streams[0].reconnect == nil)
        #expect(try reconnect("reconnect for each request") == .eachRequest)
        #expect(try reconnect("reconnect after 1m30s") == .after(.seconds(90)))
    }
}
