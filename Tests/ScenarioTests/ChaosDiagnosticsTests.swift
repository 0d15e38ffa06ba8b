import Testing

/// Every finding about `chaos`, quoted in full.
@Suite struct ChaosDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "a fault without a time",
            edits: [
                Edit("at 2m  block", to: "block")
            ],
            says: #"""
                a.scn:14:5: error: expected `at`, found `block`
                    block zone ap-south-1a  for 4m
                    ^~~~~
                help: it reads: at 2m  block zone ap-south-1a  for 4m
                """#),
        Diagnostic(
            "a fault whose time has no unit",
            edits: [
                Edit("at 2m", to: "at 2")
            ],
            says: #"""
                a.scn:14:8: error: `2` has no unit
                    at 2  block zone ap-south-1a  for 4m
                       ^
                help: a duration is in us, ms, s, m or h, as in 2s
                """#),
        Diagnostic(
            "a fault at a negative time",
            edits: [
                Edit("at 2m", to: "at -2m")
            ],
            says: #"""
                a.scn:14:8: error: the time of the fault is negative: -2m
                    at -2m  block zone ap-south-1a  for 4m
                       ^~~
                """#),
        Diagnostic(
            "an unknown fault",
            edits: [
                Edit("block zone", to: "blok zone")
            ],
            says: #"""
                a.scn:14:12: error: expected a fault such as `block zone` or `kill`, found `blok`
                    at 2m  blok zone ap-south-1a  for 4m
                           ^~~~
                help: did you mean `block`?
                """#),
        Diagnostic(
            "a fault of another tool",
            edits: [
                Edit("block zone ap-south-1a", to: "corrupt network")
            ],
            says: #"""
                a.scn:14:12: error: expected a fault such as `block zone` or `kill`, found `corrupt`
                    at 2m  corrupt network  for 4m
                           ^~~~~~~
                help: there are: block, cut, delay, deploy, exhaust, fail, hang, interrupt, kill, lose, scale, shell, stress
                """#),
        Diagnostic(
            "a fault without a duration",
            edits: [
                Edit("  for 4m", to: "")
            ],
            says: #"""
                a.scn:14:12: error: `block zone ap-south-1a` does not say for how long
                    at 2m  block zone ap-south-1a
                           ^~~~~
                help: for example: block zone ap-south-1a for 4m
                """#),
        Diagnostic(
            "a fault of no duration",
            edits: [
                Edit("  for 4m", to: "  for 0s")
            ],
            says: #"""
                a.scn:14:40: error: the fault is zero: 0s
                    at 2m  block zone ap-south-1a  for 0s
                                                       ^~
                """#),
        Diagnostic(
            "a kill with a duration",
            edits: [
                Edit("block zone ap-south-1a", to: "kill 1 task of flask-app")
            ],
            says: #"""
                a.scn:14:38: error: `kill 1 task of flask-app` is over at once, and takes no `for`
                    at 2m  kill 1 task of flask-app  for 4m
                                                     ^~~
                help: leave the `for` out
                """#),
        Diagnostic(
            "a kill without a count",
            edits: [
                Edit("block zone ap-south-1a  for 4m", to: "kill task of flask-app")
            ],
            says: #"""
                a.scn:14:17: error: expected a number such as 1, found `task`
                    at 2m  kill task of flask-app
                                ^~~~
                help: it reads: at 2m  kill 1 task of flask-app in zone ap-south-1a
                """#),
        Diagnostic(
            "a kill of none",
            edits: [
                Edit("block zone ap-south-1a  for 4m", to: "kill 0 tasks of flask-app")
            ],
            says: #"""
                a.scn:14:17: error: the number of tasks is 0; it can be 1 to 1000
                    at 2m  kill 0 tasks of flask-app
                                ^
                """#),
        Diagnostic(
            "a kill of half a task",
            edits: [
                Edit("block zone ap-south-1a  for 4m", to: "kill 1.5 tasks of flask-app")
            ],
            says: #"""
                a.scn:14:17: error: the number of tasks is not a whole number: 1.5
                    at 2m  kill 1.5 tasks of flask-app
                                ^~~
                """#),
        Diagnostic(
            "a kill of more tasks than there are",
            edits: [
                Edit(
                    "    at 2m  block",
                    to: #"""
                            at 7m  kill 3 tasks of flask-app
                            at 2m  block
                        """#)
            ],
            says: #"""
                a.scn:14:17: error: 3 tasks of `flask-app` cannot be killed: at rest it has 2
                    at 7m  kill 3 tasks of flask-app
                                ^
                note: the system file says how many tasks a service has
                """#),
        Diagnostic(
            "an unknown zone",
            edits: [
                Edit("zone ap-south-1a", to: "zone ap-south-1c")
            ],
            says: #"""
                a.scn:14:23: error: shop has no zone `ap-south-1c`
                    at 2m  block zone ap-south-1c  for 4m
                                      ^~~~~~~~~~~
                help: did you mean `ap-south-1a`?
                """#),
        Diagnostic(
            "a zone far away",
            edits: [
                Edit("zone ap-south-1a", to: "zone us-east-1a")
            ],
            says: #"""
                a.scn:14:23: error: shop has no zone `us-east-1a`
                    at 2m  block zone us-east-1a  for 4m
                                      ^~~~~~~~~~
                help: zones: ap-south-1a, ap-south-1b
                """#),
        Diagnostic(
            "an unknown service",
            edits: [
                Edit(
                    "    at 2m  block",
                    to: #"""
                            at 7m  kill 1 task of flask
                            at 2m  block
                        """#)
            ],
            says: #"""
                a.scn:14:27: error: shop has no service `flask`
                    at 7m  kill 1 task of flask
                                          ^~~~~
                help: did you mean `flask-app`?
                """#),
        Diagnostic(
            "an unknown zone of a kill",
            edits: [
                Edit(
                    "    at 2m  block",
                    to: #"""
                            at 7m  kill 1 task of nginx in zone 1a
                            at 2m  block
                        """#)
            ],
            says: #"""
                a.scn:14:41: error: shop has no zone `1a`
                    at 7m  kill 1 task of nginx in zone 1a
                                                        ^~
                help: zones: ap-south-1a, ap-south-1b
                """#),
        Diagnostic(
            "a fault after the load",
            edits: [
                Edit("at 2m", to: "at 20m")
            ],
            says: #"""
                a.scn:14:8: error: the fault comes at 20m, and the load ends at 570s
                    at 20m  block zone ap-south-1a  for 4m
                       ^~~
                help: make the load longer, or the fault earlier
                """#),
        Diagnostic(
            "a fault that outlasts the load",
            edits: [
                Edit("at 2m", to: "at 8m")
            ],
            says: #"""
                a.scn:14:8: error: the fault lasts until 12m, and the load ends at 570s
                    at 8m  block zone ap-south-1a  for 4m
                       ^~
                note: what heals after the load has ended is not seen by any request
                help: make the load longer, or the fault earlier
                """#),
        Diagnostic(
            "a fault in the warm-up",
            edits: [
                Edit("at 2m", to: "at 10s")
            ],
            says: #"""
                a.scn:14:8: error: the fault comes at 10s, and measuring starts at 30s
                    at 10s  block zone ap-south-1a  for 4m
                       ^~~
                note: without calm load before it there is nothing to compare with
                help: put it after 30s, with some calm load in between
                """#),
        Diagnostic(
            "the same fault twice at once",
            edits: [
                Edit(
                    "    at 2m",
                    to: #"""
                            at 4m  block zone ap-south-1a  for 2m
                            at 2m
                        """#)
            ],
            says: #"""
                a.scn:15:8: error: the same fault is on from 4m to 6m
                    at 2m  block zone ap-south-1a  for 4m
                       ^~
                note: it is planned on line 14
                help: move it, or make one fault of the two
                """#),
        Diagnostic(
            "the same kill twice at once",
            edits: [
                Edit(
                    "    at 2m  block zone ap-south-1a  for 4m",
                    to: #"""
                            at 2m  kill 1 task of nginx
                            at 2m  kill 1 task of nginx
                        """#)
            ],
            says: #"""
                a.scn:15:8: error: the same fault twice at the same time
                    at 2m  kill 1 task of nginx
                       ^~
                note: it is planned on line 14
                help: leave one of them, or raise its count
                """#),
        Diagnostic(
            "a fault without a system",
            edits: [
                Edit(
                    #"""
                    use "shop.system"

                    """#, to: "")
            ],
            says: #"""
                a.scn:13:12: error: `block zone ap-south-1a` cannot be looked up: the scenario uses no \#
                system
                    at 2m  block zone ap-south-1a  for 4m
                           ^~~~~
                help: add a line such as: use "ecs-microservices.system"
                a.scn:19:11: error: "few errors" cannot be looked up: the scenario uses no system
                    keeps "few errors"
                          ^~~~~~~~~~~~
                help: add a line such as: use "ecs-microservices.system"
                """#),
    ]
}
