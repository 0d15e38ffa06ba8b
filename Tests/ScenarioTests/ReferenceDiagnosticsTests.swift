import Testing

/// Every finding about what an expectation refers to: its window, fault, promise and service, quoted in full.
@Suite struct ReferenceDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
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
