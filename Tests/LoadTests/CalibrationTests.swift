import Load
import Plan
import Testing

/// In real time: the machine's own speed is what is asked for. No figure is asserted.
struct CalibrationTests {
    private static func plan(_ rate: Double) -> Plan {
        Plan(
            name: "test", load: Play.hold(rate, for: 60), requests: [Play.get()], inFlightLimit: 1000)
    }

    @Test func `what asks little is not measured`() async throws {
        #expect(try await Calibration.measure(for: Self.plan(1999), workers: 1) == nil)
        let users = Plan(
            name: "test", load: .closed(users: 1000, duration: .seconds(60)), requests: [Play.get()])
        #expect(try await Calibration.measure(for: users, workers: 1) == nil)
    }

    @Test func `a machine that sent something is measured, and a rate beyond it is doubted`() async throws {
        let plan = Self.plan(1_000_000)
        let measured = try #require(try await Calibration.measure(for: plan, workers: 2))
        #expect(measured.perSecond > 0 && measured.workers == 2)
        #expect(try #require(measured.doubt(of: plan)).contains("peak of 1000000/s is near or over"))
    }

    @Test func `it is doubted from seven tenths on`() {
        let able = Calibration(perSecond: 10_000, workers: 1)
        #expect(able.doubt(of: Self.plan(7_000)) == nil)
        #expect(
            able.doubt(of: Self.plan(7_001))
                == "the load's peak of 7001/s is near or over what this machine can send: to itself it has just sent "
                + "10000/s with 1 worker; ask for less, or give it more CPUs")
    }
}
