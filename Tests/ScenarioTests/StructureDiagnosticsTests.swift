import Testing

/// Every finding about sections, quoted in full.
@Suite struct StructureDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "an indented line before any section",
            edits: [
                Edit(
                    #"scenario "A zone goes dark""#,
                    to: #"""
                            hold 80/s for 9m
                        scenario "A zone goes dark"
                        """#)
            ],
            says: #"""
                a.scn:1:5: error: `hold` is indented, but no section has begun
                    hold 80/s for 9m
                    ^~~~
                help: begin the section above it with an unindented word such as `load`
                """#),
        Diagnostic(
            "an indentation between two depths",
            edits: [
                Edit("    hold 80/s", to: "  hold 80/s")
            ],
            says: #"""
                a.scn:7:3: error: indented by 2, where this section's statements are indented by 4
                  hold 80/s for 9m
                  ^~~~
                help: indent by 4 for a new statement, deeper to continue the last one
                """#),
        Diagnostic(
            "a misspelt section",
            edits: [
                Edit(
                    #"""
                    chaos

                    """#,
                    to: #"""
                        choas

                        """#)
            ],
            says: #"""
                a.scn:13:1: error: a scenario has no section `choas`
                choas
                ^~~~~
                help: did you mean `chaos`?
                """#),
        Diagnostic(
            "a misspelt section that is needed is one finding",
            edits: [
                Edit(
                    #"""

                    load

                    """#,
                    to: #"""

                        laod

                        """#)
            ],
            says: #"""
                a.scn:5:1: error: a scenario has no section `laod`
                laod
                ^~~~
                help: did you mean `load`?
                """#),
        Diagnostic(
            "a section of another tool",
            edits: [
                Edit(
                    #"""

                    chaos

                    """#,
                    to: #"""

                        thresholds

                        """#)
            ],
            says: #"""
                a.scn:13:1: error: a scenario has no section `thresholds`
                thresholds
                ^~~~~~~~~~
                help: sections: scenario, use, speed, tags, load, data, requests, chaos, probes, stop, expect
                """#),
        Diagnostic(
            "a statement that is not indented",
            edits: [
                Edit("    hold 80/s", to: "hold 80/s")
            ],
            says: #"""
                a.scn:7:1: error: `hold` is a statement of `load`, and is not indented
                hold 80/s for 9m
                ^~~~
                help: move it under `load` and indent it by four spaces
                """#),
        Diagnostic(
            "a request that is not indented",
            edits: [
                Edit("    60%  GET", to: "60%  GET")
            ],
            says: #"""
                a.scn:10:1: error: `60%` is a statement of `requests`, and is not indented
                60%  GET  /api/items/{int 1..500}
                ^~~
                help: move it under `requests` and indent it by four spaces
                """#),
        Diagnostic(
            "a check that is not indented",
            edits: [
                Edit("    lost writes", to: "lost writes")
            ],
            says: #"""
                a.scn:19:1: error: `lost` is a statement of `expect`, and is not indented
                lost writes  = 0
                ^~~~
                help: move it under `expect` and indent it by four spaces
                """#),
        Diagnostic(
            "a second section of the same name",
            edits: [
                Edit(
                    #"""
                    expect

                    """#,
                    to: #"""
                        load
                            hold 1/s for 1s

                        expect

                        """#)
            ],
            says: #"""
                a.scn:16:1: error: a second `load`
                load
                ^~~~
                note: the first is on line 5
                help: put its statements under the first one
                """#),
        Diagnostic(
            "a second title",
            edits: [
                Edit(
                    #"use "shop.system""#,
                    to: #"""
                        scenario "again"
                        use "shop.system"
                        """#)
            ],
            says: #"""
                a.scn:2:1: error: a second `scenario`
                scenario "again"
                ^~~~~~~~
                note: the first is on line 1
                help: leave one of them
                """#),
        Diagnostic(
            "an empty section",
            edits: [
                Edit(
                    #"""
                        at 2m  block zone ap-south-1a  for 4m

                    """#, to: "")
            ],
            says: #"""
                a.scn:13:1: error: `chaos` is empty
                chaos
                ^~~~~
                help: for example: at 2m  block zone ap-south-1a  for 4m
                """#),
        Diagnostic(
            "no title",
            edits: [
                Edit(
                    #"""
                    scenario "A zone goes dark"

                    """#, to: "")
            ],
            says: #"""
                a.scn: error: the scenario has no title
                help: for example: scenario "An availability zone goes dark"
                """#),
        Diagnostic(
            "no load",
            edits: [
                Edit(
                    #"""
                    load
                        warm up at 20/s for 30s
                        hold 80/s for 9m

                    """#, to: "")
            ],
            says: #"""
                a.scn: error: the scenario has no `load`
                help: for example: load, and indented below it: hold 80/s for 9m
                """#),
        Diagnostic(
            "no requests",
            edits: [
                Edit(
                    #"""
                    requests
                        60%  GET  /api/items/{int 1..500}
                        40%  POST /api/items  json {"id": "{uuid}"}  expect 201  tracked


                    """#, to: "")
            ],
            says: #"""
                a.scn: error: the scenario has no `requests`
                help: for example: requests, and indented below it: 100%  GET /
                """#),
        Diagnostic(
            "no expectations is a warning",
            edits: [
                Edit(
                    #"""
                    expect
                        p95 latency  < 100ms    when calm
                        recovery     < 120s     after block zone
                        lost writes  = 0
                        keeps "few errors"

                    """#, to: "")
            ],
            says: #"""
                a.scn:1:1: warning: the scenario expects nothing, so it can neither be kept nor broken
                scenario "A zone goes dark"
                ^~~~~~~~
                help: add an `expect` section
                """#),
        Diagnostic(
            "a statement on the line of its section",
            edits: [
                Edit(
                    #"""
                    load
                        warm up at 20/s for 30s
                        hold 80/s for 9m

                    """#,
                    to: #"""
                        load hold 80/s for 9m

                        """#)
            ],
            says: #"""
                a.scn:5:6: error: `hold` stands on the line of `load`
                load hold 80/s for 9m
                     ^~~~
                help: statements stand indented on the lines below `load`
                """#),
        Diagnostic(
            "statements under a line that takes none",
            edits: [
                Edit(
                    #"""
                    speed 6

                    """#,
                    to: #"""
                        speed 6
                            fast

                        """#)
            ],
            says: #"""
                a.scn:4:5: error: nothing is indented under `speed`
                    fast
                    ^~~~
                help: begin a section for it, or put it on the line itself
                """#),
    ]
}
