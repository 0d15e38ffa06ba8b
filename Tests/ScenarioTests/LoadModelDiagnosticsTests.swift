import Testing

/// Every finding about how a load's requests come, quoted in full: models, arrivals, steps, connections.
@Suite struct LoadModelDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "arrivals of another kind",
            edits: [
                Edit("hold 80/s for 9m", to: "hold 80/s for 9m\n    poisson process")
            ],
            says: #"""
                a.scn:8:13: error: expected `arrivals`, found `process`
                    poisson process
                            ^~~~~~~
                help: it reads: poisson arrivals
                """#),
        Diagnostic(
            "users and a rate",
            edits: [
                Edit("hold 80/s for 9m", to: "hold 50 users for 9m")
            ],
            says: #"""
                a.scn:7:5: error: users in a load that has rates
                    hold 50 users for 9m
                    ^~~~
                note: with a rate, requests are due whatever the answers do; a user waits for each answer before the next
                help: put it into a load of its own, with a name: load "other", requests "other"
                """#),
        Diagnostic(
            "thinking without users",
            edits: [
                Edit("hold 80/s for 9m", to: "hold 80/s for 9m\n    think 1s")
            ],
            says: #"""
                a.scn:8:5: error: `think` in a load without users
                    think 1s
                    ^~~~~
                note: with a rate, requests are due whatever the answers do: nobody thinks in between
                help: leave it out, or say users instead of a rate, for example: hold 50 users for 9m
                """#),
        Diagnostic(
            "poisson arrivals of users",
            edits: [
                Edit("warm up at 20/s", to: "poisson arrivals\n    warm up with 2 users"),
                Edit("hold 80/s for 9m", to: "hold 50 users for 9m"),
            ],
            says: #"""
                a.scn:6:5: error: `poisson arrivals` in a load of users
                    poisson arrivals
                    ^~~~~~~
                note: when a user's next request comes, its last answer and `think` decide
                help: leave one of them out
                """#),
        Diagnostic(
            "thinking from long to short",
            edits: [
                Edit("warm up at 20/s", to: "warm up with 2 users"),
                Edit("hold 80/s for 9m", to: "hold 50 users for 9m\n    think 3s to 1s"),
            ],
            says: #"""
                a.scn:8:11: error: 3s to 1s is backwards
                    think 3s to 1s
                          ^~
                help: did you mean `think 1s to 3s`?
                """#),
        Diagnostic(
            "no user at all",
            edits: [
                Edit("hold 80/s", to: "hold 0 users")
            ],
            says: #"""
                a.scn:7:10: error: the number of users is 0; it can be 1 to 100000
                    hold 0 users for 9m
                         ^
                """#),
        Diagnostic(
            "steps that do not meet the last rate",
            edits: [
                Edit("hold 80/s for 9m", to: "step from 20/s to 100/s by 30/s every 1m")
            ],
            says: #"""
                a.scn:7:15: error: from 20/s to 100/s is no whole number of steps of 30/s
                    step from 20/s to 100/s by 30/s every 1m
                              ^~~~
                help: the steps end at 80/s
                """#),
        Diagnostic(
            "steps without number",
            edits: [
                Edit("hold 80/s for 9m", to: "step from 0/s to 1000000/s by 1/s every 1s")
            ],
            says: #"""
                a.scn:7:15: error: the number of steps is 1000001; the most is 1000
                    step from 0/s to 1000000/s by 1/s every 1s
                              ^~~
                """#),
        Diagnostic(
            "connections for another time",
            edits: [
                Edit("hold 80/s for 9m", to: "hold 80/s for 9m\n    reconnect every 1m")
            ],
            says: #"""
                a.scn:8:15: error: expected `for each request` or `after`, found `every`
                    reconnect every 1m
                              ^~~~~
                help: it reads: reconnect after 1m
                """#),
    ]
}
