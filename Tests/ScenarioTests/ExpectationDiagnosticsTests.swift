import Testing

/// Every finding about a check and its bound, quoted in full.
@Suite struct ExpectationDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "an unknown check",
            edits: [
                Edit("p95 latency", to: "availability")
            ],
            says: #"""
                a.scn:17:5: error: `availability` is not something that can be expected
                    availability  < 100ms    when calm
                    ^~~~~~~~~~~~
                help: checks: p95 latency, max latency, p95 hop … to …, error rate, throughput, recovery, \#
                lost writes, tasks, running tasks, healthy tasks, scale out, scale in, reversals of, \#
                deployment of, probe, keeps "…"
                """#),
        Diagnostic(
            "a misspelt check",
            edits: [
                Edit("lost writes", to: "lsot writes")
            ],
            says: #"""
                a.scn:19:5: error: `lsot` is not something that can be expected
                    lsot writes  = 0
                    ^~~~
                help: did you mean `lost`?
                """#),
        Diagnostic(
            "scaling in no direction",
            edits: [
                Edit("p95 latency  < 100ms    when calm", to: "scale up of flask-app")
            ],
            says: #"""
                a.scn:17:11: error: expected `out` or `in`, found `up`
                    scale up of flask-app
                          ^~
                help: it reads: scale out of flask-app between 60s and 180s after cpu > 70%
                """#),
        Diagnostic(
            "a step out after too little",
            edits: [
                Edit(
                    "p95 latency  < 100ms    when calm",
                    to: "scale out of flask-app between 60s and 180s after cpu < 70%")
            ],
            says: #"""
                a.scn:17:59: error: `scale out` comes after a high CPU
                    scale out of flask-app between 60s and 180s after cpu < 70%
                                                                          ^
                help: use > or >=
                """#),
        Diagnostic(
            "a window that ends before it begins",
            edits: [
                Edit(
                    "p95 latency  < 100ms    when calm",
                    to: "scale in of flask-app between 480s and 300s after cpu < 70%")
            ],
            says: #"""
                a.scn:17:44: error: nothing lies between: the second bound is smaller than the first
                    scale in of flask-app between 480s and 300s after cpu < 70%
                                                           ^~~~
                help: the smaller number comes first
                """#),
        Diagnostic(
            "a step from one count to the same",
            edits: [
                Edit("p95 latency  < 100ms    when calm", to: "tasks of flask-app step 2, 3, 3")
            ],
            says: #"""
                a.scn:17:35: error: from 3 to 3 is no step
                    tasks of flask-app step 2, 3, 3
                                                  ^
                help: write each count once, in the order they come: step 2, 3, 4, 3, 2
                """#),
        Diagnostic(
            "latency without a percentile",
            edits: [
                Edit("p95 latency", to: "latency")
            ],
            says: #"""
                a.scn:17:5: error: `latency` of which request?
                    latency  < 100ms    when calm
                    ^~~~~~~
                help: name a percentile: p50, p90, p95, p99, p99.9 or max latency
                """#),
        Diagnostic(
            "a percentile without its point",
            edits: [
                Edit("p95 latency", to: "p999 latency")
            ],
            says: #"""
                a.scn:17:5: error: `p999` is not a percentile
                    p999 latency  < 100ms    when calm
                    ^~~~
                help: did you mean `p99.9`?
                """#),
        Diagnostic(
            "a percentile over 100",
            edits: [
                Edit("p95 latency", to: "p101 latency")
            ],
            says: #"""
                a.scn:17:5: error: `p101` is not a percentile
                    p101 latency  < 100ms    when calm
                    ^~~~
                help: it lies between p0 and p100, as in p95 or p99.9
                """#),
        Diagnostic(
            "a percentile of what",
            edits: [
                Edit("p95 latency", to: "p95")
            ],
            says: #"""
                a.scn:17:10: error: expected `latency`, found `<`
                    p95  < 100ms    when calm
                         ^
                help: it reads: p95 latency < 100ms when calm
                """#),
        Diagnostic(
            "a latency bound without a unit",
            edits: [
                Edit("100ms", to: "100")
            ],
            says: #"""
                a.scn:17:20: error: `100` has no unit
                    p95 latency  < 100    when calm
                                   ^~~
                help: a duration is in us, ms, s, m or h, as in 100ms
                """#),
        Diagnostic(
            "a latency bound in percent",
            edits: [
                Edit("100ms", to: "100%")
            ],
            says: #"""
                a.scn:17:20: error: `%` is not a unit of time
                    p95 latency  < 100%    when calm
                                   ^~~~
                help: a duration is in us, ms, s, m or h
                """#),
        Diagnostic(
            "a latency bound of zero",
            edits: [
                Edit("100ms", to: "0ms")
            ],
            says: #"""
                a.scn:17:20: error: the latency is zero: 0ms
                    p95 latency  < 0ms    when calm
                                   ^~~
                """#),
        Diagnostic(
            "an exact latency",
            edits: [
                Edit("< 100ms", to: "= 100ms")
            ],
            says: #"""
                a.scn:17:5: error: a latency is never met exactly
                    p95 latency  = 100ms    when calm
                    ^~~
                help: use < or >
                """#),
        Diagnostic(
            "a mathematical comparison",
            edits: [
                Edit("< 100ms", to: "≤ 100ms")
            ],
            says: #"""
                a.scn:17:18: error: `≤` is not a comparison
                    p95 latency  ≤ 100ms    when calm
                                 ^
                help: did you mean `<=`?
                """#),
        Diagnostic(
            "a comparison of a programming language",
            edits: [
                Edit("= 0", to: "== 0")
            ],
            says: #"""
                a.scn:19:18: error: `==` is not a comparison
                    lost writes  == 0
                                 ^~
                help: did you mean `=`?
                """#),
        Diagnostic(
            "a comparison in words",
            edits: [
                Edit("< 100ms", to: "under 100ms")
            ],
            says: #"""
                a.scn:17:18: error: `under` is not a comparison
                    p95 latency  under 100ms    when calm
                                 ^~~~~
                help: did you mean `<`?
                """#),
        Diagnostic(
            "a comparison that is none",
            edits: [
                Edit("< 100ms", to: "~ 100ms")
            ],
            says: #"""
                a.scn:17:18: error: `~` is not a comparison
                    p95 latency  ~ 100ms    when calm
                                 ^
                help: comparisons: <, <=, >, >=, =, between … and …
                """#),
        Diagnostic(
            "a range in the wrong order",
            edits: [
                Edit("lost writes  = 0", to: "tasks between 4 and 2")
            ],
            says: #"""
                a.scn:19:25: error: nothing lies between: the second bound is smaller than the first
                    tasks between 4 and 2
                                        ^
                help: the smaller number comes first
                """#),
        Diagnostic(
            "a count that is not whole",
            edits: [
                Edit("= 0", to: "= 0.5")
            ],
            says: #"""
                a.scn:19:20: error: the bound is not a whole number: 0.5
                    lost writes  = 0.5
                                   ^~~
                """#),
        Diagnostic(
            "an error rate without a unit",
            edits: [
                Edit("lost writes  = 0", to: "error rate < 0.5")
            ],
            says: #"""
                a.scn:19:18: error: `0.5` has no unit
                    error rate < 0.5
                                 ^~~
                help: a percentage ends in %, as in 0.5%
                """#),
        Diagnostic(
            "an error rate over 100 %",
            edits: [
                Edit("lost writes  = 0", to: "error rate < 500%")
            ],
            says: #"""
                a.scn:19:18: error: the bound is 500%; the most is 100%
                    error rate < 500%
                                 ^~~~
                """#),
    ]
}
