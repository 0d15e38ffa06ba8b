import Testing

/// Every finding about hops, quoted in full.
@Suite struct HopDiagnosticsTests {
    @Test(arguments: inSystem + inScenario)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    /// The sample's system with these hops.
    private static func hops(_ lines: String) -> [Edit] {
        [Edit("promises\n", to: "hops\n    \(lines)\n\npromises\n")]
    }

    private static let inSystem: [Diagnostic] = [
        Diagnostic(
            "a hop without an end", inSystem: true, edits: hops("nginx = nginx - app"),
            says: #"""
                shop.system:17:11: error: expected `to`, found `=`
                    nginx = nginx - app
                          ^
                help: it reads: nginx to flask-app = nginx - app  resolution 1ms
                """#),
        Diagnostic(
            "a hop without metrics", inSystem: true, edits: hops("nginx to flask-app"),
            says: #"""
                shop.system:17:23: error: the statement ends where `=` is expected
                    nginx to flask-app
                                      ^
                help: it reads: nginx to flask-app = nginx - app  resolution 1ms
                """#),
        Diagnostic(
            "a hop is no comparison", inSystem: true, edits: hops("nginx to flask-app < nginx"),
            says: #"""
                shop.system:17:24: error: expected `=`, found `<`
                    nginx to flask-app < nginx
                                       ^
                help: did you mean `=`?
                """#),
        Diagnostic(
            "a metric that no header can hold", inSystem: true, edits: hops("nginx to flask-app = nginx;dur"),
            says: #"""
                shop.system:17:26: error: `nginx;dur` cannot be a metric of Server-Timing
                    nginx to flask-app = nginx;dur
                                         ^~~~~~~~~
                help: a metric is one word of at most 24 letters, digits and !#$%&'*+-.^_`|~
                """#),
        Diagnostic(
            "a metric that is too long", inSystem: true,
            edits: hops("nginx to flask-app = a-metric-of-twenty-five-x"),
            says: #"""
                shop.system:17:26: error: `a-metric-of-twenty-five-x` cannot be a metric of Server-Timing
                    nginx to flask-app = a-metric-of-twenty-five-x
                                         ^~~~~~~~~~~~~~~~~~~~~~~~~
                help: a metric is one word of at most 24 letters, digits and !#$%&'*+-.^_`|~
                """#),
        Diagnostic(
            "a resolution without a unit", inSystem: true,
            edits: hops("nginx to flask-app = nginx - app  resolution 1"),
            says: #"""
                shop.system:17:50: error: `1` has no unit
                    nginx to flask-app = nginx - app  resolution 1
                                                                 ^
                help: a duration is in us, ms, s, m or h, as in 1s
                """#),
        Diagnostic(
            "two differences", inSystem: true, edits: hops("nginx to flask-app = nginx - app - db"),
            says: #"""
                shop.system:17:38: error: `-` is one word too many
                    nginx to flask-app = nginx - app - db
                                                     ^
                help: it reads: nginx to flask-app = nginx - app  resolution 1ms
                """#),
        Diagnostic(
            "a hop twice", inSystem: true, edits: hops("a to b = c\n    a to b = d"),
            says: #"""
                shop.system:18:5: error: a second hop `a to b`
                    a to b = d
                    ^~~~~~
                note: the first is on line 17
                help: leave one of them, or rename it
                """#),
        Diagnostic(
            "a promise about a hop that the system does not name", inSystem: true,
            edits: hops("nginx to flask-app = nginx") + [
                Edit("error rate < 0.5% when", to: "p95 hop nginx to flask < 5ms when")
            ],
            says: #"""
                shop.system:22:23: error: shop has no hop `nginx to flask`
                        check p95 hop nginx to flask < 5ms when calm
                                      ^~~~~~~~~~~~~~
                help: did you mean `nginx to flask-app`?
                """#),
        Diagnostic(
            "a promise about a hop whose line is broken blames that line alone", inSystem: true,
            edits: hops("nginx to flask-app =") + [
                Edit("error rate < 0.5% when", to: "p95 hop nginx to flask-app < 5ms when")
            ],
            says: #"""
                shop.system:17:25: error: the statement ends where a metric of Server-Timing such as app is expected
                    nginx to flask-app =
                                        ^
                help: it reads: nginx to flask-app = nginx - app  resolution 1ms
                """#),
    ]

    private static let inScenario: [Diagnostic] = [
        Diagnostic(
            "a hop of a system that names none",
            edits: [Edit("lost writes  = 0", to: "p95 hop nginx to flask-app < 5ms")],
            says: #"""
                a.scn:19:13: error: shop names no hops
                    p95 hop nginx to flask-app < 5ms
                            ^~~~~~~~~~~~~~~~~~
                help: add a section `hops` to it, and indented below it: nginx to flask-app = nginx - app  resolution 1ms
                """#),
        Diagnostic(
            "a hop without a system",
            edits: [
                Edit("use \"shop.system\"\n", to: ""),
                Edit("lost writes  = 0", to: "p95 hop nginx to redis < 5ms"),
                Edit("    keeps \"few errors\"\n", to: ""),
                Edit("chaos\n    at 2m  block zone ap-south-1a  for 4m\n\n", to: ""),
                Edit("    recovery     < 120s     after block zone\n", to: ""),
            ],
            says: #"""
                a.scn:14:13: error: `nginx to redis` cannot be looked up: the scenario uses no system
                    p95 hop nginx to redis < 5ms
                            ^~~~~~~~~~~~~~
                help: add a line such as: use "ecs-microservices.system"
                """#),
        Diagnostic(
            "a hop is never met exactly",
            edits: [Edit("lost writes  = 0", to: "p95 hop nginx to flask-app = 5ms")],
            says: #"""
                a.scn:19:5: error: a latency is never met exactly
                    p95 hop nginx to flask-app = 5ms
                    ^~~
                help: use < or >
                """#),
        Diagnostic(
            "a hop without its end",
            edits: [Edit("lost writes  = 0", to: "p95 hop nginx < 5ms")],
            says: #"""
                a.scn:19:19: error: expected `to`, found `<`
                    p95 hop nginx < 5ms
                                  ^
                help: it reads: p95 hop nginx to flask-app < 5ms when calm
                """#),
    ]
}
