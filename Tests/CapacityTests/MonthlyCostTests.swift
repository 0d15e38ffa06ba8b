import Capacity
import Plan
import Testing

/// What a month costs, against figures reckoned by hand.
@Suite struct MonthlyCostTests {
    /// The document's own: Cost Optimization, Current Costs.
    private static let system: System = {
        var system = Shop.system
        system.services = [
            System.Service(name: "nginx", tasks: 2...4, port: 80, cpu: 256, memory: 512),
            System.Service(name: "flask-app", tasks: 2...4, port: 5000, cpu: 512, memory: 1024),
            System.Service(name: "redis", tasks: 1...1, port: 6379, cpu: 256, memory: 512),
        ]
        system.costs = [
            .init(name: "NAT", item: .natGateways(2), stated: 65),
            .init(
                name: "RDS", item: .database(instance: "db.t3.micro", isMultiAZ: true, storage: 20),
                stated: 35),
            .init(name: "Fargate", item: .tasks, stated: 40), .init(name: "ALB", item: .balancer, stated: 20),
            .init(name: "Other", item: .other, stated: 7),
        ]
        return system
    }()

    @Test func `each line is priced and its difference explained`() throws {
        let cost = try #require(MonthlyCost(Self.system))
        let cents = cost.lines.map { $0.priced.map { ($0 * 100).rounded() / 100 } }
        // 2 × 0.056 × 730; 2 × (0.023625 × 730 + 20 × 0.1509375); (1.75 × 0.04257 + 3.5 × 0.004445) × 730;
        // (0.0239 + 0.008) × 730.
        #expect(cents == [81.76, 40.53, 65.74, 23.29, nil])
        #expect(cost.lines[0].difference == "the stated figure is that of us-east-1")
        #expect(cost.lines[2].difference == "the stated figure pays for 3.04 of the 5 tasks")
        #expect(cost.lines[4].reckoning.hasPrefix("as stated"))
        #expect(cost.stated == 167 && abs(cost.priced - 218.32) < 0.01)
    }

    @Test func `more tasks cost more`() throws {
        let four = try #require(MonthlyCost(Self.system, tasks: ["flask-app": 4]))
        #expect(abs((four.lines[2].priced ?? 0) - (2.75 * 0.04257 + 5.5 * 0.004445) * 730) < 1e-9)
    }

    @Test func `a system that states nothing, or is somewhere else, has no bill`() {
        var elsewhere = Self.system
        elsewhere.region = "eu-north-1"
        #expect(MonthlyCost(Shop.system) == nil && MonthlyCost(elsewhere) == nil)
    }

    @Test func `an unknown class has no price, and says so`() throws {
        var system = Self.system
        system.costs = [
            .init(
                name: "RDS", item: .database(instance: "db.x9.huge", isMultiAZ: true, storage: 20), stated: 35
            )
        ]
        let cost = try #require(MonthlyCost(system))
        #expect(cost.lines[0].priced == nil && cost.lines[0].reckoning.contains("db.x9.huge"))
        #expect(cost.priced == 35)
    }

    @Test func `the five savings of the document are reckoned`() {
        let savings = Saving.all(Self.system, tasks: [:], prices: .mumbai)
        let dollars = savings.map { ($0.monthly ?? 0).rounded() }
        #expect(savings.count == 5)
        // One gateway; one zone of the database; the reserved instance; 70 % of Fargate; 64 % of Fargate and instances.
        #expect(dollars == [41, 20, 10, 46, 64], "\(savings.map(\.name)) \(dollars)")
    }
}
