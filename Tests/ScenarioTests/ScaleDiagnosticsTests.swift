import Scenario
import Testing

/// Every finding about a service that is held at a number of tasks, quoted in full.
@Suite struct ScaleDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "a scale without a duration",
            edits: Edit.chaos("at 2m  scale flask-app to 3 tasks"),
            says: #"""
                a.scn:14:12: error: `scale flask-app to 3 tasks` does not say for how long
                    at 2m  scale flask-app to 3 tasks
                           ^~~~~
                help: for example: scale flask-app to 3 tasks for 4m
                """#),
        Diagnostic(
            "a scale of no service",
            edits: Edit.chaos("at 2m  scale to 3 tasks for 2m"),
            says: #"""
                a.scn:14:18: error: expected the name of a service, found `to`
                    at 2m  scale to 3 tasks for 2m
                                 ^~
                help: it reads: at 2m  scale flask-app to 3 tasks for 2m
                """#),
        Diagnostic(
            "a scale without `to`",
            edits: Edit.chaos("at 2m  scale flask-app 3 tasks for 2m"),
            says: #"""
                a.scn:14:28: error: expected `to`, found `3`
                    at 2m  scale flask-app 3 tasks for 2m
                                           ^
                help: it reads: at 2m  scale flask-app to 3 tasks for 2m
                """#),
        Diagnostic(
            "a scale without what it counts",
            edits: Edit.chaos("at 2m  scale flask-app to 3 for 2m"),
            says: #"""
                a.scn:14:33: error: expected `tasks`, found `for`
                    at 2m  scale flask-app to 3 for 2m
                                                ^~~
                help: it reads: at 2m  scale flask-app to 3 tasks for 2m
                """#),
        Diagnostic(
            "a scale without a number",
            edits: Edit.chaos("at 2m  scale flask-app to tasks for 2m"),
            says: #"""
                a.scn:14:31: error: expected a number such as 3, found `tasks`
                    at 2m  scale flask-app to tasks for 2m
                                              ^~~~~
                help: it reads: at 2m  scale flask-app to 3 tasks for 2m
                """#),
        Diagnostic(
            "a scale to a share",
            edits: Edit.chaos("at 2m  scale flask-app to 50% tasks for 2m"),
            says: #"""
                a.scn:14:31: error: expected a number such as 3, found `50%`
                    at 2m  scale flask-app to 50% tasks for 2m
                                              ^~~
                help: it reads: at 2m  scale flask-app to 3 tasks for 2m
                """#),
        Diagnostic(
            "a scale to nothing",
            edits: Edit.chaos("at 2m  scale flask-app to 0 tasks for 2m"),
            says: #"""
                a.scn:14:31: error: the number of tasks is 0; it can be 1 to 100
                    at 2m  scale flask-app to 0 tasks for 2m
                                              ^
                help: to leave no task of it, write: lose flask-app
                """#),
        Diagnostic(
            "a scale to more than a hundred",
            edits: Edit.chaos("at 2m  scale flask-app to 101 tasks for 2m"),
            says: #"""
                a.scn:14:31: error: the number of tasks is 101; it can be 1 to 100
                    at 2m  scale flask-app to 101 tasks for 2m
                                              ^~~
                """#),
        Diagnostic(
            "a scale to fewer than none",
            edits: Edit.chaos("at 2m  scale flask-app to -1 tasks for 2m"),
            says: #"""
                a.scn:14:31: error: the number of tasks is negative: -1
                    at 2m  scale flask-app to -1 tasks for 2m
                                              ^~
                """#),
        Diagnostic(
            "a scale with a bare duration",
            edits: Edit.chaos("at 2m  scale flask-app to 3 tasks for 2"),
            says: #"""
                a.scn:14:43: error: `2` has no unit
                    at 2m  scale flask-app to 3 tasks for 2
                                                          ^
                help: a duration is in us, ms, s, m or h, as in 2s
                """#),
        Diagnostic(
            "a scale of an unknown service",
            edits: Edit.chaos("at 2m  scale flask to 3 tasks for 2m"),
            says: #"""
                a.scn:14:18: error: shop has no service `flask`
                    at 2m  scale flask to 3 tasks for 2m
                                 ^~~~~
                help: did you mean `flask-app`?
                """#),
        Diagnostic(
            "a service held at two numbers",
            edits: Edit.chaos(
                "at 2m  scale flask-app to 3 tasks  for 4m", "at 5m  scale flask-app to 4 tasks  for 1m"),
            says: #"""
                a.scn:15:8: error: `scale flask-app to 4 tasks` cannot go with `scale flask-app to 3 tasks`, \#
                which is on from 2m to 6m
                    at 5m  scale flask-app to 4 tasks  for 1m
                       ^~
                note: a service is held at one number of tasks; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "a service that is held and lost",
            edits: Edit.chaos("at 2m  scale flask-app to 3 tasks  for 4m", "at 3m  lose flask-app  for 1m"),
            says: #"""
                a.scn:15:8: error: `lose flask-app` cannot go with `scale flask-app to 3 tasks`, \#
                which is on from 2m to 6m
                    at 3m  lose flask-app  for 1m
                       ^~
                note: no task of flask-app is left; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "a kill of more tasks than the service is held at",
            edits: Edit.chaos("at 2m  scale flask-app to 1 task  for 4m", "at 3m  kill 2 tasks of flask-app"),
            says: #"""
                a.scn:15:17: error: 2 tasks of `flask-app` cannot be killed: `scale flask-app to 1 task` holds it at 1
                    at 3m  kill 2 tasks of flask-app
                                ^
                """#),
    ]
}
