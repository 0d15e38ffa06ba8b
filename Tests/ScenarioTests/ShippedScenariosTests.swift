import Foundation
import Plan
import Scenario
import Testing

@Suite struct ShippedScenariosTests {
    @Test func `the three files are there`() {
        let names = Shipped.all.map(\.testDescription)
        for name in ["az-failure.scn", "ecs-microservices.system", "task-kill.scn"] {
            #expect(names.contains(name))
        }
    }

    @Test(arguments: Shipped.all) func `a shipped file has no finding`(_ file: Shipped) {
        let path = file.url.path
        let findings =
            path.hasSuffix(".system")
            ? Scenario.loadSystem(path: path).findings : Scenario.load(path: path).findings
        #expect(findings.map(\.description) == [])
    }

    @Test func `the system is the document's`() throws {
        let file = try #require(Shipped.all.first { $0.testDescription == "ecs-microservices.system" })
        let system = try #require(Scenario.loadSystem(path: file.url.path).value)
        #expect(system.region == "ap-south-1")
        #expect(system.zones == ["ap-south-1a", "ap-south-1b"])
        #expect(system.cluster == "ecs-microservices-cluster")
        #expect(system.balancer == "ecs-microservices-alb" && system.balancedService == "nginx")
        #expect(system.database == "ecs-microservices-db")
        #expect(system.services.map(\.name) == ["nginx", "flask-app", "redis"])
        #expect(system.services.map(\.cpu) == [256, 512, 256])
        #expect(system.services.map(\.memory) == [512, 1024, 512])
        #expect(system.services.map(\.port) == [80, 5000, 6379])
        #expect(system.services.map(\.tasks) == [2...4, 2...4, 1...1])
        #expect(
            system.promises.filter(\.byConstruction).map(\.name) == [
                "the load balancer passes thousands of requests a second",
                "Flask carries about 100 requests a second per task",
            ])
        #expect(
            system.hops == [
                .init(name: "nginx to flask-app", whole: "nginx", part: "app", resolution: .milliseconds(1)),
                .init(name: "flask-app to redis", whole: "redis"),
                .init(name: "flask-app to database", whole: "db"),
            ])
    }

    @Test func `every promise names a section that the document has`() throws {
        let file = try #require(Shipped.all.first { $0.testDescription == "ecs-microservices.system" })
        let system = try #require(Scenario.loadSystem(path: file.url.path).value)
        let sections = [
            "Performance Characteristics", "Auto Scaling", "High Availability Features", "Load Balancing",
            "Security Architecture", "Security Best Practices", "Core Components", "Compute Layer",
            "Cost Optimization", "CI/CD Pipeline",
        ]
        for promise in system.promises {
            #expect(sections.contains { promise.source.hasPrefix($0) }, "\(promise.name): \(promise.source)")
        }
    }

    @Test func `every promise is kept by a scenario`() throws {
        let file = try #require(Shipped.all.first { $0.testDescription == "ecs-microservices.system" })
        let system = try #require(Scenario.loadSystem(path: file.url.path).value)
        let plans = Shipped.all.filter { $0.url.path.hasSuffix(".scn") }.compactMap {
            Scenario.load(path: $0.url.path).value
        }
        let kept = Set(plans.flatMap(\.expectations).compactMap(\.promise))
        #expect(system.promises.map(\.name).filter { !kept.contains($0) } == [])
    }

    @Test func `az-failure blocks one zone for four minutes under what the other can carry`() throws {
        let file = try #require(Shipped.all.first { $0.testDescription == "az-failure.scn" })
        let plan = try #require(Scenario.load(path: file.url.path).value)
        #expect(plan.faults.map(\.fault) == [.blockZone("ap-south-1a")])
        #expect(plan.duration == .seconds(600))
        guard case .open(let phases) = plan.streams[0].load else {
            Issue.record("az-failure is an open load")
            return
        }
        // One Flask task carries about 100 requests a second, 88 where a busy host takes its cache away (decisions/0002).
        #expect(phases.allSatisfy { max($0.startRate, $0.endRate) <= 60 })
        #expect(Schedule(phases: phases, speed: plan.speed).count == 5700)
    }
}
