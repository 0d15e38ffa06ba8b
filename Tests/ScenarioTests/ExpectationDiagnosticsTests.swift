import Testing

/// Every finding about `expect`, quoted in full.
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
                lost writes, tasks, running tasks, healthy tasks, scale out, scale in, deployment of, probe, \#
                keeps "…"
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
        Diagnostic(
            "a window misspelt",
            edits: [
                Edit("when calm", to: "when clam")
            ],
            says: #"""
                a.scn:17:34: error: expected `calm`, found `clam`
                    p95 latency  < 100ms    when clam
                                                 ^~~~
                help: did you mean `calm`?
                """#),
        Diagnostic(
            "a window that is none",
            edits: [
                Edit("when calm", to: "while calm")
            ],
            says: #"""
                a.scn:17:29: error: expected `when calm`, `during …` or `after …`, found `while`
                    p95 latency  < 100ms    while calm
                                            ^~~~~
                help: it reads: p95 latency < 100ms when calm
                """#),
        Diagnostic(
            "recovery without a fault",
            edits: [
                Edit("     after block zone", to: "")
            ],
            says: #"""
                a.scn:18:5: error: `recovery` does not say from what
                    recovery     < 120s
                    ^~~~~~~~
                help: name the fault: recovery < 120s after block zone
                """#),
        Diagnostic(
            "recovery with a lower bound",
            edits: [
                Edit("recovery     <", to: "recovery     >")
            ],
            says: #"""
                a.scn:18:5: error: `recovery` takes an upper bound only
                    recovery     > 120s     after block zone
                    ^~~~~~~~
                help: use < or <=
                """#),
        Diagnostic(
            "lost writes in a window",
            edits: [
                Edit("= 0", to: "= 0 when calm")
            ],
            says: #"""
                a.scn:19:5: error: `lost writes` looks at the whole run, and takes no window
                    lost writes  = 0 when calm
                    ^~~~
                help: leave the window out: lost writes = 0
                """#),
        Diagnostic(
            "lost writes without a tracked request",
            edits: [
                Edit("  tracked", to: "")
            ],
            says: #"""
                a.scn:19:5: error: no request is `tracked`, so no lost write could be found
                    lost writes  = 0
                    ^~~~
                note: a tracked write is read back by GET after the run
                help: add `tracked` to a POST, PUT or PATCH that sends {uuid}
                """#),
        Diagnostic(
            "a fault that is not planned",
            edits: [
                Edit("after block zone", to: "after kill")
            ],
            says: #"""
                a.scn:18:35: error: no fault reads `kill`
                    recovery     < 120s     after kill
                                                  ^~~~
                help: planned: block zone ap-south-1a
                """#),
        Diagnostic(
            "a fault misspelt",
            edits: [
                Edit("after block zone", to: "after block znoe")
            ],
            says: #"""
                a.scn:18:35: error: no fault reads `block znoe`
                    recovery     < 120s     after block znoe
                                                  ^~~~~~~~~~
                help: did you mean `block zone`?
                """#),
        Diagnostic(
            "a window without its fault",
            edits: [
                Edit("after block zone", to: "after")
            ],
            says: #"""
                a.scn:18:34: error: the statement ends where a fault such as `block zone` is expected
                    recovery     < 120s     after
                                                 ^
                help: it reads: recovery < 120s after block zone
                """#),
        Diagnostic(
            "a fault without a chaos section",
            edits: [
                Edit(
                    #"""
                    chaos
                        at 2m  block zone ap-south-1a  for 4m


                    """#, to: "")
            ],
            says: #"""
                a.scn:15:35: error: no fault reads `block zone`
                    recovery     < 120s     after block zone
                                                  ^~~~~~~~~~
                help: no fault is planned: add a `chaos` section
                """#),
        Diagnostic(
            "a fault that is planned twice",
            edits: [
                Edit(
                    "    at 2m  block zone ap-south-1a  for 4m",
                    to: #"""
                            at 2m  block zone ap-south-1a  for 1m
                            at 5m  block zone ap-south-1b  for 1m
                        """#)
            ],
            says: #"""
                a.scn:19:35: error: `block zone` fits more than one fault
                    recovery     < 120s     after block zone
                                                  ^~~~~~~~~~
                note: planned: block zone ap-south-1a; block zone ap-south-1b
                help: say more of it
                """#),
        Diagnostic(
            "an unknown promise",
            edits: [
                Edit(#""few errors""#, to: #""few error""#)
            ],
            says: #"""
                a.scn:20:11: error: shop has no promise `few error`
                    keeps "few error"
                          ^~~~~~~~~~~
                help: did you mean `few errors`?
                """#),
        Diagnostic(
            "a promise far from any",
            edits: [
                Edit(#""few errors""#, to: #""world peace""#)
            ],
            says: #"""
                a.scn:20:11: error: shop has no promise `world peace`
                    keeps "world peace"
                          ^~~~~~~~~~~~~
                help: promises: few errors; a dead task is replaced
                """#),
        Diagnostic(
            "a promise without quotes",
            edits: [
                Edit(#""few errors""#, to: "errors")
            ],
            says: #"""
                a.scn:20:11: error: expected the name of a promise in quotes, found `errors`
                    keeps errors
                          ^~~~~~
                help: "errors"
                """#),
        Diagnostic(
            "a promise about a fault that is not planned",
            edits: [
                Edit(#""few errors""#, to: #""a dead task is replaced""#)
            ],
            says: #"""
                a.scn:20:11: error: "a dead task is replaced" looks at `kill`, and no such fault is \#
                planned
                    keeps "a dead task is replaced"
                          ^~~~~~~~~~~~~~~~~~~~~~~~~
                help: plan one that begins with `kill`, or leave this promise to another scenario
                """#),
        Diagnostic(
            "an unknown service of a check",
            edits: [
                Edit("lost writes  = 0", to: "healthy tasks of ngnix >= 2")
            ],
            says: #"""
                a.scn:19:22: error: shop has no service `ngnix`
                    healthy tasks of ngnix >= 2
                                     ^~~~~
                help: did you mean `nginx`?
                """#),
        Diagnostic(
            "tasks without a system",
            edits: [
                Edit(
                    #"""
                    use "shop.system"

                    """#, to: ""),
                Edit(
                    #"""
                    chaos
                        at 2m  block zone ap-south-1a  for 4m


                    """#, to: ""),
                Edit("recovery     < 120s     after block zone", to: "tasks >= 2"),
                Edit(#"keeps "few errors""#, to: #"keeps "x""#),
            ],
            says: #"""
                a.scn:14:5: error: `tasks >= 2` cannot be looked up: the scenario uses no system
                    tasks >= 2
                    ^~~~~
                help: add a line such as: use "ecs-microservices.system"
                a.scn:16:11: error: "x" cannot be looked up: the scenario uses no system
                    keeps "x"
                          ^~~
                help: add a line such as: use "ecs-microservices.system"
                """#),
    ]
}
