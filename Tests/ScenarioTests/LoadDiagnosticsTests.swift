import Testing

/// Every finding about `load`, quoted in full.
@Suite struct LoadDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "a rate without a unit",
            edits: [
                Edit("hold 80/s", to: "hold 80")
            ],
            says: #"""
                a.scn:7:10: error: `80` has no unit
                    hold 80 for 9m
                         ^~
                help: a rate is per second, minute or hour: /s, /m or /h, as in 80/s
                """#),
        Diagnostic(
            "a rate in a unit of another tool",
            edits: [
                Edit("hold 80/s", to: "hold 80rps")
            ],
            says: #"""
                a.scn:7:10: error: `rps` is not a unit of rate
                    hold 80rps for 9m
                         ^~~~~
                help: did you mean `80/s`?
                """#),
        Diagnostic(
            "a rate in an unknown unit",
            edits: [
                Edit("hold 80/s", to: "hold 80/fortnight")
            ],
            says: #"""
                a.scn:7:10: error: `/fortnight` is not a unit of rate
                    hold 80/fortnight for 9m
                         ^~~~~~~~~~~~
                help: a rate is per second, minute or hour: /s, /m or /h
                """#),
        Diagnostic(
            "a rate that is no number",
            edits: [
                Edit("hold 80/s", to: "hold fast")
            ],
            says: #"""
                a.scn:7:10: error: expected a rate such as 80/s, found `fast`
                    hold fast for 9m
                         ^~~~
                help: it reads: hold 80/s for 9m
                """#),
        Diagnostic(
            "a rate with a comma",
            edits: [
                Edit("hold 80/s", to: "hold 1,000/s")
            ],
            says: #"""
                a.scn:7:10: error: `1,000/s` is not a number
                    hold 1,000/s for 9m
                         ^~~~~~~
                help: a decimal point is a `.`, and thousands are not grouped
                """#),
        Diagnostic(
            "a negative rate",
            edits: [
                Edit("hold 80/s", to: "hold -80/s")
            ],
            says: #"""
                a.scn:7:10: error: the rate is negative: -80/s
                    hold -80/s for 9m
                         ^~~~~
                """#),
        Diagnostic(
            "a rate over the limit",
            edits: [
                Edit("hold 80/s", to: "hold 9000000/s")
            ],
            says: #"""
                a.scn:7:10: error: the rate is 9000000/s; the most is 1000000/s
                    hold 9000000/s for 9m
                         ^~~~~~~~~
                """#),
        Diagnostic(
            "a duration without a unit",
            edits: [
                Edit("for 9m", to: "for 9")
            ],
            says: #"""
                a.scn:7:19: error: `9` has no unit
                    hold 80/s for 9
                                  ^
                help: a duration is in us, ms, s, m or h, as in 9s
                """#),
        Diagnostic(
            "a duration in a long unit",
            edits: [
                Edit("for 9m", to: "for 9min")
            ],
            says: #"""
                a.scn:7:19: error: `min` is not a unit of time
                    hold 80/s for 9min
                                  ^~~~
                help: did you mean `9m`?
                """#),
        Diagnostic(
            "a duration with a space",
            edits: [
                Edit("for 9m", to: "for 9 m")
            ],
            says: #"""
                a.scn:7:19: error: a space between `9` and its unit `m`
                    hold 80/s for 9 m
                                  ^
                help: write 9m
                """#),
        Diagnostic(
            "a duration in a unit of rate",
            edits: [
                Edit("for 9m", to: "for 9/s")
            ],
            says: #"""
                a.scn:7:19: error: `/s` is not a unit of time
                    hold 80/s for 9/s
                                  ^~~
                help: a duration is in us, ms, s, m or h
                """#),
        Diagnostic(
            "a duration of zero",
            edits: [
                Edit("for 9m", to: "for 0s")
            ],
            says: #"""
                a.scn:7:19: error: the hold is zero: 0s
                    hold 80/s for 0s
                                  ^~
                """#),
        Diagnostic(
            "a negative duration",
            edits: [
                Edit("for 9m", to: "for -9m")
            ],
            says: #"""
                a.scn:7:19: error: the hold is negative: -9m
                    hold 80/s for -9m
                                  ^~~
                """#),
        Diagnostic(
            "a duration over the limit",
            edits: [
                Edit("for 9m", to: "for 900h")
            ],
            says: #"""
                a.scn:7:19: error: the hold is 900h; the most is 168h
                    hold 80/s for 900h
                                  ^~~~
                """#),
        Diagnostic(
            "a duration under a nanosecond",
            edits: [
                Edit("for 9m", to: "for 0.0000001us")
            ],
            says: #"""
                a.scn:7:19: error: the hold is zero: less than 1ns
                    hold 80/s for 0.0000001us
                                  ^~~~~~~~~~~
                """#),
        Diagnostic(
            "phases over the limit together",
            edits: [
                Edit(
                    "    hold 80/s for 9m",
                    to: #"""
                            hold 80/s for 100h
                            hold 80/s for 100h
                        """#)
            ],
            says: #"""
                a.scn:5:1: error: the load is 720030s; the most is 168h
                load
                ^~~~
                """#),
        Diagnostic(
            "an unknown kind of load",
            edits: [
                Edit("hold 80/s", to: "hodl 80/s")
            ],
            says: #"""
                a.scn:7:5: error: expected a phase such as `hold`, or `over`, `poisson`, `think`, `reconnect` or `replay`, found `hodl`
                    hodl 80/s for 9m
                    ^~~~
                help: did you mean `hold`?
                """#),
        Diagnostic(
            "a transport that is none",
            edits: [
                Edit("hold 80/s for 9m", to: "hold 80/s for 9m\n    over http")
            ],
            says: #"""
                a.scn:8:10: error: expected `https` or `http2`, found `http`
                    over http
                         ^~~~
                help: did you mean `https`?
                """#),
        Diagnostic(
            "an age for connections that HTTP/2 shares",
            edits: [
                Edit("hold 80/s for 9m", to: "hold 80/s for 9m\n    over http2\n    reconnect after 1m")
            ],
            says: #"""
                a.scn:9:5: error: `reconnect after` in a load over HTTP/2
                    reconnect after 1m
                    ^~~~~~~~~
                note: its connections are always in use by some request: none is free to be given up
                help: leave one of them out
                """#),
        Diagnostic(
            "two transports",
            edits: [
                Edit("hold 80/s for 9m", to: "over https\n    hold 80/s for 9m\n    over https")
            ],
            says: #"""
                a.scn:9:5: error: `over https` is said twice
                    over https
                    ^~~~
                help: leave one of them out
                """#),
        Diagnostic(
            "a load of another tool",
            edits: [
                Edit("hold 80/s", to: "stages 80/s")
            ],
            says: #"""
                a.scn:7:5: error: expected a phase such as `hold`, or `over`, `poisson`, `think`, `reconnect` or `replay`, found `stages`
                    stages 80/s for 9m
                    ^~~~~~
                help: there are: warm, ramp, hold, step, spike, wave, over, poisson, think, reconnect, replay
                """#),
        Diagnostic(
            "a word left out",
            edits: [
                Edit("hold 80/s for 9m", to: "hold 80/s 9m")
            ],
            says: #"""
                a.scn:7:15: error: expected `for`, found `9m`
                    hold 80/s 9m
                              ^~
                help: it reads: hold 80/s for 9m
                """#),
        Diagnostic(
            "a misspelt word",
            edits: [
                Edit("warm up at", to: "warm up ta")
            ],
            says: #"""
                a.scn:6:13: error: expected `at`, found `ta`
                    warm up ta 20/s for 30s
                            ^~
                help: did you mean `at`?
                """#),
        Diagnostic(
            "a statement that stops early",
            edits: [
                Edit("hold 80/s for 9m", to: "ramp from 20/s to")
            ],
            says: #"""
                a.scn:7:22: error: the statement ends where a rate such as 80/s is expected
                    ramp from 20/s to
                                     ^
                help: it reads: ramp from 20/s to 80/s over 30s
                """#),
        Diagnostic(
            "a word too many",
            edits: [
                Edit("hold 80/s for 9m", to: "hold 80/s for 9m please")
            ],
            says: #"""
                a.scn:7:22: error: `please` is one word too many
                    hold 80/s for 9m please
                                     ^~~~~~
                help: it reads: hold 80/s for 9m
                """#),
        Diagnostic(
            "a warm-up after other load",
            edits: [
                Edit(
                    #"""
                        warm up at 20/s for 30s
                        hold 80/s for 9m
                    """#,
                    to: #"""
                            hold 80/s for 9m
                            warm up at 20/s for 30s
                        """#)
            ],
            says: #"""
                a.scn:7:5: error: the warm-up comes after other load
                    warm up at 20/s for 30s
                    ^~~~
                note: requests of the warm-up are sent and recorded, but never judged
                help: put it first, or use `hold`
                """#),
        Diagnostic(
            "a warm-up and nothing else",
            edits: [
                Edit(
                    #"""
                        hold 80/s for 9m

                    """#, to: "")
            ],
            says: #"""
                a.scn:5:1: error: the load is warm-up only, so nothing is measured
                load
                ^~~~
                note: requests of the warm-up are sent and recorded, but never judged
                help: add a phase to measure, for example: hold 80/s for 9m
                """#),
        Diagnostic(
            "a load that says how and not what",
            edits: [
                Edit(
                    #"""
                        warm up at 20/s for 30s
                        hold 80/s for 9m
                    """#,
                    to: #"""
                            poisson arrivals
                            reconnect for each request
                        """#)
            ],
            says: #"""
                a.scn:5:1: error: the load has no phase, so it sends nothing
                load
                ^~~~
                help: add one, for example: hold 80/s for 9m, or replay a recording
                """#),
        Diagnostic(
            "a load without a request",
            edits: [
                Edit(
                    #"""
                    20/s for 30s
                        hold 80/s for 9m
                    """#,
                    to: #"""
                        0/s for 30s
                            hold 0/s for 9m
                        """#)
            ],
            says: #"""
                a.scn:5:1: error: the load comes to no request at all
                load
                ^~~~
                help: raise the rate, or make a phase longer
                """#),
        Diagnostic(
            "two findings in one section",
            edits: [
                Edit(
                    #"""
                    20/s for 30s
                        hold 80/s
                    """#,
                    to: #"""
                        20 for 30s
                            hold 80
                        """#)
            ],
            says: #"""
                a.scn:6:16: error: `20` has no unit
                    warm up at 20 for 30s
                               ^~
                help: a rate is per second, minute or hour: /s, /m or /h, as in 20/s
                a.scn:7:10: error: `80` has no unit
                    hold 80 for 9m
                         ^~
                help: a rate is per second, minute or hour: /s, /m or /h, as in 80/s
                """#),
    ]
}
