import Capacity
import Testing

/// The Universal Scalability Law is found again in what it has made.
@Suite struct ScalingLawTests {
    private func measured(_ law: ScalingLaw, _ counts: [Int]) -> [(tasks: Int, rate: Double)] {
        counts.map { ($0, law.capacity($0)) }
    }

    @Test(arguments: [
        (100.0, 0.0, 0.0), (100, 0.05, 0), (80, 0, 0.01), (1200, 0.03, 0.002), (0.5, 0.2, 0.02),
    ])
    func `its three terms are found in three counts`(
        _ perTask: Double, _ contention: Double, _ coherency: Double
    )
        throws
    {
        let law = ScalingLaw(perTask: perTask, contention: contention, coherency: coherency)
        let found = try #require(ScalingLaw.fit(measured(law, [2, 3, 4])))
        #expect(abs(found.perTask / perTask - 1) < 1e-6)
        #expect(abs(found.contention - contention) < 1e-6 && abs(found.coherency - coherency) < 1e-6)
    }

    @Test func `no term is negative, whatever was measured`() throws {
        // Better than in proportion: three tasks carry more than thrice what one does.
        let found = try #require(ScalingLaw.fit([(1, 100), (2, 210), (3, 330)]))
        #expect(found.contention == 0 && found.coherency == 0)
        #expect((100...110).contains(found.perTask))
    }

    @Test func `few counts tell of few terms`() throws {
        #expect(ScalingLaw.fit([]) == nil)
        #expect(ScalingLaw.fit([(2, 200)]) == ScalingLaw(perTask: 100))
        let two = try #require(ScalingLaw.fit([(2, 190), (4, 340)]))
        #expect(two.contention > 0 && two.coherency == 0)
        #expect(abs(two.capacity(2) - 190) < 1e-6 && abs(two.capacity(4) - 340) < 1e-6)
    }

    @Test func `a law with coherency has a peak`() {
        #expect(
            ScalingLaw(perTask: 100, contention: 0.1, coherency: 0.01).peak.map { abs($0 - 9.4868) < 1e-3 }
                == true)
        #expect(ScalingLaw(perTask: 100, contention: 0.1).peak == nil)
    }

    @Test func `what was measured is said as it was measured, and the rest with its uncertainty`() throws {
        let model = try #require(Shop.model())
        #expect(model.measured == [2, 3, 4])
        #expect(abs(model.capacity(3).low - 300 / 1.05.squareRoot()) < 1e-9)
        // Nothing in the knees speaks against scaling in proportion, but something may: the cautious end knows it.
        let eight = model.capacity(8)
        #expect(eight.low < 760 && eight.high > 790, "\(eight)")
        #expect(model.isExtrapolated(8) && model.isExtrapolated(1) && !model.isExtrapolated(3))
    }

    @Test func `the same seed says the same`() throws {
        #expect(Shop.model() == Shop.model())
    }

    @Test func `knees without a rate are left out, and none is no model`() {
        let unknown = Knee(tasks: 2, stages: [Shop.stage(2, 100, .generator("it was late"))])
        #expect(CapacityModel([unknown], seed: 1) == nil)
        #expect(CapacityModel([unknown] + Shop.knees([3: 300]), seed: 1)?.measured == [3])
    }
}
