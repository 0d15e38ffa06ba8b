import Plan
import Scenario
import Testing

/// What a scenario means: the Plan it becomes.
@Suite struct PlanOfScenarioTests {
    private func plan(_ edits: Edit...) throws -> Plan { try Sample.plan(edits) }

    @Test func `title, speed and load are taken over`() throws {
        let plan = try plan(
            Edit("hold 80/s for 9m", to: "ramp from 20/s to 80.5/s over 1m30s\n    hold 600/m for 1h"))
        #expect(plan.name == "A zone goes dark")
        #expect(plan.speed == 6)
        #expect(
            plan.streams[0].load
                == .open([
                    Phase(.warmUp, startRate: 20, endRate: 20, duration: .seconds(30)),
                    Phase(.ramp, startRate: 20, endRate: 80.5, duration: .seconds(90)),
                    Phase(.hold, startRate: 10, endRate: 10, duration: .seconds(3600)),
                ]))
        #expect(plan.system?.name == "shop")
    }

    @Test func `tags are taken over in their order, and there need be none`() throws {
        let tagged = try plan(Edit("speed 6\n", to: "speed 6\ntags zone, quick\n"))
        #expect(tagged.tags.map(\.rawValue) == ["zone", "quick"])
        #expect(try plan().tags == [])
    }

    @Test func `speed is 1 if it is not said`() throws {
        #expect(try plan(Edit("speed 6\n", to: "")).speed == 1)
    }

    @Test func `a request has its template, body, statuses and defaults`() throws {
        let requests = try plan().requests
        #expect(requests.map(\.weight) == [0.6, 0.4])
        #expect(requests.map(\.route) == ["GET /api/items/{int 1..500}", "POST /api/items"])
        #expect(requests[0].path == Template([.literal("/api/items/"), .int(low: 1, high: 500)]))
        #expect(requests[0].expectedStatuses == [])
        #expect(requests[0].timeout == .seconds(5) && requests[0].deadline == .seconds(10))
        #expect(requests[1].method == .post && requests[1].expectedStatuses == [201])
        let body = Template([.literal("{\"id\": \""), .uuid, .literal("\"}")])
        #expect(requests[1].body == Request.Body(contentType: "application/json", template: body))
    }

    @Test(arguments: [
        ("POST /api/items", "tracked", "/api/items/{uuid}"),
        ("POST /api/items/", "tracked", "/api/items/{uuid}"),
        ("PUT /api/items/{uuid}", "tracked", "/api/items/{uuid}"),
        ("PUT /api/items/{uuid}/name", "tracked", "/api/items/{uuid}/name"),
        ("POST /api/items?draft=1", "tracked at /drafts/{uuid}?full=1", "/drafts/{uuid}?full=1"),
    ])
    func `a tracked write is read back beside its path, or where it says`(
        _ request: String, _ clause: String, _ expected: String
    ) throws {
        let plan = try plan(Edit("POST /api/items ", to: request + " "), Edit("tracked", to: clause))
        var draw = Draw(seed: 1, run: "r", index: 3)
        let path = try #require(plan.requests[1].tracking).readBack.render(&draw)
        #expect(path == expected.replacing("{uuid}", with: Draw(seed: 1, run: "r", index: 3).uuid))
    }

    @Test func `clauses stand in any order, also on further-indented lines`() throws {
        let plan = try plan(
            Edit(
                "{int 1..500}",
                to: """
                    {one of red, dark%20blue}
                            deadline 4s  header "Accept: text/html"   # why not
                            timeout 250ms
                            header "X-Key: k-{seq}"
                            expect 200, 304
                    """))
        let request = plan.requests[0]
        #expect(request.path.parts.last == .oneOf(["red", "dark%20blue"]))
        #expect(request.timeout == .milliseconds(250) && request.deadline == .seconds(4))
        #expect(request.headers.map(\.name) == ["Accept", "X-Key"])
        #expect(request.headers[0].value == Template(literal: "text/html"))
        #expect(request.headers[1].value == Template([.literal("k-"), .seq]))
        #expect(request.expectedStatuses == [200, 304])
    }

    @Test func `a text body keeps braces that are no placeholders`() throws {
        let plan = try plan(
            Edit("json {\"id\": \"{uuid}\"}", to: #"text "query { item(id: \"{uuid}\") }\n{x}""#))
        #expect(
            plan.requests[1].body
                == Request.Body(
                    contentType: "text/plain; charset=utf-8",
                    template: Template([.literal("query { item(id: \""), .uuid, .literal("\") }\n{x}")])))
    }

    @Test func `json may nest, and hold placeholders as values`() throws {
        let json =
            #"{"id": "{uuid}", "n": {int 1..9}, "c": {one of "red", null}, "a": [[], {}, -1.5e3, "\u00e4}"]}"#
        let plan = try plan(Edit(#"{"id": "{uuid}"}"#, to: json))
        let parts = try #require(plan.requests[1].body?.template).parts
        #expect(parts.contains(.int(low: 1, high: 9)))
        #expect(parts.contains(.oneOf(["\"red\"", "null"])))
    }

    @Test func `routes that read the same are told apart`() throws {
        let plan = try plan(Edit("    60%  GET", to: "    30%  GET  /api/items/{int 1..500}\n    30%  GET"))
        #expect(
            plan.requests.map(\.route) == [
                "GET /api/items/{int 1..500}", "GET /api/items/{int 1..500} (2)", "POST /api/items",
            ])
    }

    @Test func `faults are in the order in which they are due, each with a name of its own`() throws {
        let plan = try plan(
            Edit("    at 2m  block", to: "    at 7m  kill 1 task of nginx\n    at 2m  block"),
            Edit(
                "  for 4m",
                to:
                    "  for 1m\n    at 8m  kill 1 task of nginx\n    at 4m kill 2 tasks of nginx in zone ap-south-1b"
            ))
        #expect(
            plan.faults.map(\.name) == [
                "block zone ap-south-1a", "kill 2 tasks of nginx in zone ap-south-1b",
                "kill 1 task of nginx at 7m",
                "kill 1 task of nginx at 8m",
            ])
        #expect(plan.faults.map(\.at) == [120, 240, 420, 480].map(Nanoseconds.seconds))
        #expect(plan.faults.map(\.duration) == [.seconds(60), nil, nil, nil])
        #expect(plan.faults[1].fault == .killTasks(count: 2, service: "nginx", zone: "ap-south-1b"))
    }

    @Test(arguments: [
        (
            "hang 1 task of nginx in zone ap-south-1a  for 1m",
            Fault.hangTasks(count: 1, service: "nginx", zone: "ap-south-1a"), Nanoseconds?.some(.seconds(60))
        ),
        ("hang 2 tasks of nginx  for 90s", .hangTasks(count: 2, service: "nginx", zone: nil), .seconds(90)),
        ("kill 50% of nginx", .killTasks(count: .percent(50), service: "nginx", zone: nil), nil),
        (
            "hang 50% of nginx  for 1m", .hangTasks(count: .percent(50), service: "nginx", zone: nil),
            .seconds(60)
        ),
        (
            "cut flask-app from nginx  for 1m", .cut(service: "flask-app", from: .service("nginx")),
            .seconds(60)
        ),
        ("cut flask-app from database  for 1m", .cut(service: "flask-app", from: .database), .seconds(60)),
        ("cut flask-app from dns  for 1m", .cut(service: "flask-app", from: .dns), .seconds(60)),
        ("lose 5% of packets of nginx  for 1m", .losePackets(percent: 5, service: "nginx"), .seconds(60)),
        ("delay nginx by 50ms  for 1m", .delay(service: "nginx", by: .milliseconds(50)), .seconds(60)),
        ("stress cpu of nginx  for 1m", .stressCPU(service: "nginx"), .seconds(60)),
        (
            "exhaust connections of database as flask-app  for 1m", .exhaustConnections(service: "flask-app"),
            .seconds(60)
        ),
        (
            #"shell "./flag off" undo "./flag on"  for 1m"#, .shell(command: "./flag off", undo: "./flag on"),
            .seconds(60)
        ),
        ("interrupt 1 task of flask-app", .interruptSpot(count: 1, service: "flask-app"), nil),
        ("fail over database", .failOverDatabase, nil),
        ("lose zone ap-south-1b  for 1m", .loseZone("ap-south-1b"), .seconds(60)),
        ("lose nat  for 1m", .loseNAT(zone: nil), .seconds(60)),
        ("lose nat in zone ap-south-1b  for 1m", .loseNAT(zone: "ap-south-1b"), .seconds(60)),
        ("lose flask-app  for 1m", .loseService("flask-app"), .seconds(60)),
        ("scale flask-app to 3 tasks  for 2m", .scale(service: "flask-app", tasks: 3), .seconds(120)),
        ("scale nginx to 1 task  for 1m30s", .scale(service: "nginx", tasks: 1), .seconds(90)),
        ("scale nginx to 100 tasks  for 1m", .scale(service: "nginx", tasks: 100), .seconds(60)),
        ("deploy flask-app", .deploy(service: "flask-app", .good), nil),
        ("deploy flask-app crashing", .deploy(service: "flask-app", .crashing), nil),
        ("deploy flask-app slow", .deploy(service: "flask-app", .slow), nil),
        ("deploy flask-app failing its health check", .deploy(service: "flask-app", .unhealthy), nil),
    ])
    func `each fault of the catalogue has its name and stays as it is written`(
        _ text: String, _ fault: Fault, _ duration: Nanoseconds?
    ) throws {
        let edit = Edit("block zone ap-south-1a  for 4m", to: text)
        let name = String(text.prefix(upTo: text.firstRange(of: "  for")?.lowerBound ?? text.endIndex))
        let plan = try plan(edit, Edit("after block zone", to: "after \(name)"))
        #expect(plan.faults.map(\.fault) == [fault])
        #expect(plan.faults[0].name == name && plan.faults[0].duration == duration)
        let formatted = Scenario.format(Edit.apply([edit], to: Sample.scenario))
        #expect(formatted.contains("    at 2m  \(text)\n"))
    }

    @Test func `a fault may stand at the very start, and one service be held at several numbers in turn`()
        throws
    {
        let plan = try plan(
            Edit("    warm up at 20/s for 30s\n", to: ""),
            Edit(
                "at 2m  block zone ap-south-1a  for 4m",
                to: """
                    at 0s  scale flask-app to 2 tasks  for 2m
                        at 2m  scale flask-app to 3 tasks  for 2m
                        at 4m  scale flask-app to 4 tasks  for 2m
                        at 5m  kill 4 tasks of flask-app
                    """),
            Edit("p95 latency  < 100ms    when calm", to: "throughput > 70/s during scale flask-app to 3"),
            Edit("after block zone", to: "after kill"))
        #expect(
            plan.faults.map(\.name) == [
                "scale flask-app to 2 tasks", "scale flask-app to 3 tasks", "scale flask-app to 4 tasks",
                "kill 4 tasks of flask-app",
            ])
        #expect(plan.faults[0].at == .zero)
        #expect(plan.expectations[0].window == .during(fault: "scale flask-app to 3 tasks"))
    }

    @Test func `a service called nat or zone is lost in quotes`() throws {
        let system = Edit.apply(
            [
                Edit("    flask-app  tasks", to: "    nat        tasks"),
                Edit("of flask-app >= 2", to: "of nat >= 2"),
            ],
            to: Sample.system)
        let scenario = Edit.apply(
            [Edit("block zone ap-south-1a", to: "lose \"nat\""), Edit("after block zone", to: "after lose")],
            to: Sample.scenario)
        let reading = Sample.parse(scenario, system: system)
        #expect(reading.findings.map(\.description) == [])
        #expect(reading.value?.faults.map(\.fault) == [.loseService("nat")])
    }

    @Test func `probes are in the order in which they are due, with their place, command and time`() throws {
        let plan = try plan(
            Edit(
                "\nexpect\n",
                to: """

                    probes
                        "late"      at 3m  shell "./check.sh \\"a b\\""  timeout 1m30s
                        "in a task"  run "true"  with group web-sg  at 1m
                            in nginx
                        "speed"     at 2m  in flask-app  run "bench -q"

                    expect
                        probe "late"      succeeds
                        probe "in a task" fails
                        probe "speed"     between 0.5 and 1000
                        probe "speed"     > -1

                    """))
        #expect(
            plan.probes == [
                Probe(
                    name: "in a task", at: .seconds(60), place: .task(of: "nginx", group: "web-sg"),
                    command: "true",
                    timeout: .seconds(180)),
                Probe(
                    name: "speed", at: .seconds(120), place: .task(of: "flask-app", group: nil),
                    command: "bench -q",
                    timeout: .seconds(180)),
                Probe(
                    name: "late", at: .seconds(180), place: .harness, command: "./check.sh \"a b\"",
                    timeout: .seconds(90)),
            ])
        #expect(
            plan.expectations.prefix(4).map(\.check) == [
                .probe("late", .succeeds), .probe("in a task", .fails),
                .probe("speed", .number(.between(0.5, 1000))),
                .probe("speed", .number(.above(-1))),
            ])
        #expect(
            plan.expectations[3].text == "probe \"speed\" > -1" && plan.expectations[3].window == .measured)
    }

    @Test(arguments: [
        (
            "p95 latency < 100ms", PlannedCheck.latency(percentile: 95, .below(.milliseconds(100))),
            Window.measured
        ),
        ("p99.9 latency <= 1.5s when calm", .latency(percentile: 99.9, .atMost(.milliseconds(1500))), .calm),
        ("max latency<2s", .latency(percentile: 100, .below(.seconds(2))), .measured),
        ("p50 latency > 1ms", .latency(percentile: 50, .above(.milliseconds(1))), .measured),
        ("error rate = 0% when calm", .errorRate(.equal(0)), .calm),
        ("error rate < 50% during block", .errorRate(.below(0.5)), .during(fault: "block zone ap-south-1a")),
        ("throughput >= 70/s", .throughput(.atLeast(70)), .measured),
        ("throughput between 1/s and 90/s", .throughput(.between(1, 90)), .measured),
        (
            "recovery <= 2m after block zone ap-south-1a", .recovery(.atMost(.seconds(120))),
            .after(fault: "block zone ap-south-1a")
        ),
        ("lost writes = 0", .lostWrites(.equal(0)), .measured),
        ("tasks between 2 and 4", .tasks(.desired, service: nil, .between(2, 4)), .measured),
        ("reversals of nginx <= 1", .reversals(service: "nginx", .atMost(1)), .measured),
        ("running tasks of nginx >= 2", .tasks(.running, service: "nginx", .atLeast(2)), .measured),
        (
            "healthy tasks of flask-app > 0 after block zone",
            .tasks(.healthy, service: "flask-app", .above(0)), .after(fault: "block zone ap-south-1a")
        ),
    ])
    func `a check has a bound and a window`(
        _ text: String, _ check: PlannedCheck, _ window: Window
    ) throws {
        let expectation = try plan(Edit("lost writes  = 0", to: text)).expectations[2]
        #expect(expectation.check == check)
        #expect(expectation.window == window)
        #expect(expectation.text == text.replacing("latency<2s", with: "latency < 2s"))
        #expect(expectation.promise == nil)
    }

    @Test func `a hop is looked up in the system`() throws {
        let system = Sample.system.replacing(
            "promises\n", with: "hops\n    nginx to flask-app = nginx - app  resolution 1ms\n\npromises\n")
        let scenario = Sample.scenario.replacing(
            "lost writes  = 0", with: "p99 hop nginx to flask-app < 5ms when calm")
        let plan = try #require(Sample.parse(scenario, system: system).value)
        #expect(plan.expectations[2].text == "p99 hop nginx to flask-app < 5ms when calm")
        #expect(
            plan.expectations[2].check
                == .hop("nginx to flask-app", percentile: 99, .below(.milliseconds(5))))
        #expect(
            plan.hops == [
                .init(name: "nginx to flask-app", whole: "nginx", part: "app", resolution: .milliseconds(1))
            ])
    }

    @Test func `a promise brings its checks, with the faults of this scenario`() throws {
        let kept = try plan().expectations[3]
        #expect(kept.promise == "few errors")
        #expect(kept.text == "error rate < 0.5% when calm")
        let other = try plan(
            Edit("    at 2m  block", to: "    at 7m  kill 1 task of flask-app\n    at 2m  block"),
            Edit("keeps \"few errors\"", to: "keeps \"a dead task is replaced\"")
        ).expectations[3]
        #expect(other.window == .after(fault: "kill 1 task of flask-app"))
        #expect(other.check == .tasks(.healthy, service: "flask-app", .atLeast(2)))
    }

    @Test func `a repeated fault is named by its time`() throws {
        let plan = try plan(
            Edit("  for 4m", to: "  for 1m\n    at 5m  block zone ap-south-1a  for 1m"),
            Edit("after block zone", to: "after block zone ap-south-1a at 5m"))
        #expect(plan.expectations[1].window == .after(fault: "block zone ap-south-1a at 5m"))
    }

    @Test func `a scenario without a system is load alone`() throws {
        let text = """
            scenario "Any URL"
            load
              hold 5/s for 10s
            requests
              100% GET /
            expect
              error rate < 1%
            """
        let plan = try #require(Sample.parse(text).value)
        #expect(plan.system == nil && plan.faults.isEmpty && plan.expectations.count == 1)
    }

    @Test func `the system file becomes the System`() throws {
        let system = try #require(Scenario.parseSystem(text: Sample.system, file: "shop.system").value)
        #expect(system.zones == ["ap-south-1a", "ap-south-1b"])
        #expect(system.balancer == "shop-alb" && system.balancedService == "nginx")
        #expect(system.database == "shop-db" && system.cluster == "shop-cluster")
        #expect(system.guardrail == .init(account: "123456789012", tagKey: "loadchaos", tagValue: "allowed"))
        #expect(
            system.services == [
                .init(name: "nginx", tasks: 2...4, port: 80, cpu: 256, memory: 512),
                .init(
                    name: "flask-app", tasks: 2...4, port: 5000, cpu: 512, memory: 1024, healthPath: "/health"
                ),
            ])
        #expect(system.promises.map(\.source) == ["Response Times", "Auto Scaling"])
        #expect(system.promises[1].expectations.map(\.window) == [.after(fault: "kill")])
    }
}
