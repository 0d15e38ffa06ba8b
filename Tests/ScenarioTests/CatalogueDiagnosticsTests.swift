import Scenario
import Testing

/// Every finding about the faults of the whole catalogue, quoted in full.
@Suite struct CatalogueDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    /// The sample with these faults in place of its own, and without the check of it.
    private static func chaos(_ faults: String...) -> [Edit] {
        [
            Edit("at 2m  block zone ap-south-1a  for 4m", to: faults.joined(separator: "\n    ")),
            Edit("recovery     < 120s     after block zone\n    ", to: ""),
        ]
    }

    @Test func `a fail-over of a system without a database is an error`() {
        let scenario = Edit.apply(Self.chaos("at 2m  fail over database"), to: Sample.scenario)
        let reading = Sample.parse(
            scenario, system: Edit.apply([Edit("database shop-db\n", to: "")], to: Sample.system))
        #expect(
            reading.findings.map(\.description) == [
                """
                a.scn:14:12: error: shop has no database to fail over
                    at 2m  fail over database
                           ^~~~
                help: add a line to the system file such as: database ecs-microservices-db
                """
            ])
    }

    @Test func `faults that only come close to each other are none of its business`() {
        let scenario = Edit.apply(
            Self.chaos(
                "at 2m  block zone ap-south-1a  for 1m", "at 3m  lose zone ap-south-1a  for 1m",
                "at 2m  lose nginx  for 1m", "at 2m  kill 1 task of flask-app", "at 4m  fail over database",
                "at 5m  deploy flask-app", "at 6m  deploy flask-app crashing"),
            to: Sample.scenario)
        #expect(Sample.parse(scenario).findings.map(\.description) == [])
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "hang without a duration",
            edits: chaos("at 2m  hang 1 task of nginx"),
            says: #"""
                a.scn:14:12: error: `hang 1 task of nginx` does not say for how long
                    at 2m  hang 1 task of nginx
                           ^~~~
                help: for example: hang 1 task of nginx for 4m
                """#),
        Diagnostic(
            "hang without `of`",
            edits: chaos("at 2m  hang 1 task nginx for 3m"),
            says: #"""
                a.scn:14:24: error: expected `of`, found `nginx`
                    at 2m  hang 1 task nginx for 3m
                                       ^~~~~
                help: it reads: at 2m  hang 1 task of nginx in zone ap-south-1a for 3m
                """#),
        Diagnostic(
            "a hang of more tasks than there are",
            edits: chaos("at 2m  hang 3 tasks of nginx for 3m"),
            says: #"""
                a.scn:14:17: error: 3 tasks of `nginx` cannot be hung: at rest it has 2
                    at 2m  hang 3 tasks of nginx for 3m
                                ^
                note: the system file says how many tasks a service has
                """#),
        Diagnostic(
            "an interruption with a duration",
            edits: chaos("at 2m  interrupt 1 task of flask-app for 1m"),
            says: #"""
                a.scn:14:42: error: `interrupt 1 task of flask-app` is over at once, and takes no `for`
                    at 2m  interrupt 1 task of flask-app for 1m
                                                         ^~~
                help: leave the `for` out
                """#),
        Diagnostic(
            "an interruption of more tasks than there are",
            edits: chaos("at 2m  interrupt 3 tasks of flask-app"),
            says: #"""
                a.scn:14:22: error: 3 tasks of `flask-app` cannot be interrupted: at rest it has 2
                    at 2m  interrupt 3 tasks of flask-app
                                     ^
                note: the system file says how many tasks a service has
                """#),
        Diagnostic(
            "an interruption in a zone",
            edits: chaos("at 2m  interrupt 1 task of flask-app in zone ap-south-1a"),
            says: #"""
                a.scn:14:42: error: `in` is one word too many
                    at 2m  interrupt 1 task of flask-app in zone ap-south-1a
                                                         ^~
                help: it reads: at 2m  interrupt 1 task of flask-app
                """#),
        Diagnostic(
            "a fail-over of something else",
            edits: chaos("at 2m  fail over redis"),
            says: #"""
                a.scn:14:22: error: expected `database`, found `redis`
                    at 2m  fail over redis
                                     ^~~~~
                help: it reads: at 2m  fail over database
                """#),
        Diagnostic(
            "a fail-over spelt as a person says it",
            edits: chaos("at 2m  fail database over"),
            says: #"""
                a.scn:14:17: error: expected `over`, found `database`
                    at 2m  fail database over
                                ^~~~~~~~
                help: it reads: at 2m  fail over database
                """#),
        Diagnostic(
            "a fail-over with a duration",
            edits: chaos("at 2m  fail over database for 1m"),
            says: #"""
                a.scn:14:31: error: `fail over database` is over at once, and takes no `for`
                    at 2m  fail over database for 1m
                                              ^~~
                help: leave the `for` out
                """#),
        Diagnostic(
            "a deployment of no service",
            edits: chaos("at 2m  deploy"),
            says: #"""
                a.scn:14:18: error: the statement ends where the name of a service is expected
                    at 2m  deploy
                                 ^
                help: it reads: at 2m  deploy flask-app failing its health check
                """#),
        Diagnostic(
            "a deployment of an unknown service",
            edits: chaos("at 2m  deploy flask"),
            says: #"""
                a.scn:14:19: error: shop has no service `flask`
                    at 2m  deploy flask
                                  ^~~~~
                help: did you mean `flask-app`?
                """#),
        Diagnostic(
            "a deployment of an unknown kind",
            edits: chaos("at 2m  deploy flask-app crashes"),
            says: #"""
                a.scn:14:29: error: expected `crashing`, `slow` or `failing its health check`, found `crashes`
                    at 2m  deploy flask-app crashes
                                            ^~~~~~~
                help: it reads: at 2m  deploy flask-app failing its health check
                """#),
        Diagnostic(
            "a deployment that is broken in no known way",
            edits: chaos("at 2m  deploy flask-app upside-down"),
            says: #"""
                a.scn:14:29: error: expected `crashing`, `slow` or `failing its health check`, found `upside-down`
                    at 2m  deploy flask-app upside-down
                                            ^~~~~~~~~~~
                help: it reads: at 2m  deploy flask-app failing its health check
                """#),
        Diagnostic(
            "a deployment that fails half a check",
            edits: chaos("at 2m  deploy flask-app failing health check"),
            says: #"""
                a.scn:14:37: error: expected `its`, found `health`
                    at 2m  deploy flask-app failing health check
                                                    ^~~~~~
                help: it reads: at 2m  deploy flask-app failing its health check
                """#),
        Diagnostic(
            "a deployment with a duration",
            edits: chaos("at 2m  deploy flask-app slow for 1m"),
            says: #"""
                a.scn:14:34: error: `deploy flask-app slow` is over at once, and takes no `for`
                    at 2m  deploy flask-app slow for 1m
                                                 ^~~
                help: leave the `for` out
                """#),
        Diagnostic(
            "a lost zone without a name",
            edits: chaos("at 2m  lose zone for 4m"),
            says: #"""
                a.scn:14:22: error: expected the name of a zone, found `for`
                    at 2m  lose zone for 4m
                                     ^~~
                help: it reads: at 2m  lose zone ap-south-1a for 4m
                """#),
        Diagnostic(
            "a lost zone that is unknown",
            edits: chaos("at 2m  lose zone ap-south-1c for 4m"),
            says: #"""
                a.scn:14:22: error: shop has no zone `ap-south-1c`
                    at 2m  lose zone ap-south-1c for 4m
                                     ^~~~~~~~~~~
                help: did you mean `ap-south-1a`?
                """#),
        Diagnostic(
            "a lost zone without a duration",
            edits: chaos("at 2m  lose zone ap-south-1a"),
            says: #"""
                a.scn:14:12: error: `lose zone ap-south-1a` does not say for how long
                    at 2m  lose zone ap-south-1a
                           ^~~~
                help: for example: lose zone ap-south-1a for 4m
                """#),
        Diagnostic(
            "a zone lost as if it were a service",
            edits: chaos("at 2m  lose ap-south-1a for 4m"),
            says: #"""
                a.scn:14:17: error: `ap-south-1a` is a zone, and reads here as a service
                    at 2m  lose ap-south-1a for 4m
                                ^~~~~~~~~~~
                help: write: lose zone ap-south-1a
                """#),
        Diagnostic(
            "nothing lost",
            edits: chaos("at 2m  lose"),
            says: #"""
                a.scn:14:16: error: the statement ends where `zone`, `nat` or the name of a service is expected
                    at 2m  lose
                               ^
                help: it reads: at 2m  lose zone ap-south-1a for 4m
                """#),
        Diagnostic(
            "a lost service that is unknown",
            edits: chaos("at 2m  lose memcached for 4m"),
            says: #"""
                a.scn:14:17: error: shop has no service `memcached`
                    at 2m  lose memcached for 4m
                                ^~~~~~~~~
                help: services: nginx, flask-app
                """#),
        Diagnostic(
            "a lost service in a zone",
            edits: chaos("at 2m  lose nginx in zone ap-south-1a for 4m"),
            says: #"""
                a.scn:14:23: error: expected `for`, found `in`
                    at 2m  lose nginx in zone ap-south-1a for 4m
                                      ^~
                help: it reads: at 2m  lose redis for 1m
                """#),
        Diagnostic(
            "a lost NAT in an unknown zone",
            edits: chaos("at 2m  lose nat in zone ap-south-1c for 4m"),
            says: #"""
                a.scn:14:29: error: shop has no zone `ap-south-1c`
                    at 2m  lose nat in zone ap-south-1c for 4m
                                            ^~~~~~~~~~~
                help: did you mean `ap-south-1a`?
                """#),
        Diagnostic(
            "a lost NAT of a zone without `in zone`",
            edits: chaos("at 2m  lose nat ap-south-1a for 4m"),
            says: #"""
                a.scn:14:21: error: expected `for`, found `ap-south-1a`
                    at 2m  lose nat ap-south-1a for 4m
                                    ^~~~~~~~~~~
                help: it reads: at 2m  lose nat in zone ap-south-1a for 2m
                """#),
        Diagnostic(
            "a service called nat is lost in quotes, and there is none",
            edits: chaos(#"at 2m  lose "nat" for 4m"#),
            says: #"""
                a.scn:14:17: error: shop has no service `nat`
                    at 2m  lose "nat" for 4m
                                ^~~~~
                help: services: nginx, flask-app
                """#),
        Diagnostic(
            "a zone that is blocked and lost",
            edits: chaos("at 2m  block zone ap-south-1a  for 4m", "at 5m  lose zone ap-south-1a  for 1m"),
            says: #"""
                a.scn:15:8: error: `lose zone ap-south-1a` cannot go with `block zone ap-south-1a`, which is on from 2m to 6m
                    at 5m  lose zone ap-south-1a  for 1m
                       ^~
                note: both put the subnets of ap-south-1a on a network ACL of their own; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "tasks of a service that is lost",
            edits: chaos("at 2m  lose flask-app  for 4m", "at 3m  hang 1 task of flask-app  for 30s"),
            says: #"""
                a.scn:15:8: error: `hang 1 task of flask-app` cannot go with `lose flask-app`, which is on from 2m to 6m
                    at 3m  hang 1 task of flask-app  for 30s
                       ^~
                note: no task of flask-app is left; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "a deployment of a service that is lost later in the file",
            edits: chaos("at 3m  deploy flask-app", "at 2m  lose flask-app  for 4m"),
            says: #"""
                a.scn:15:8: error: `lose flask-app` cannot go with `deploy flask-app`, which is on at 3m
                    at 2m  lose flask-app  for 4m
                       ^~
                note: no task of flask-app is left; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "one NAT and all of them",
            edits: chaos("at 2m  lose nat  for 4m", "at 3m  lose nat in zone ap-south-1b  for 1m"),
            says: #"""
                a.scn:15:8: error: `lose nat in zone ap-south-1b` cannot go with `lose nat`, which is on from 2m to 6m
                    at 3m  lose nat in zone ap-south-1b  for 1m
                       ^~
                note: both take the same route away; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "a fail-over while a zone is lost",
            edits: chaos("at 2m  lose zone ap-south-1a  for 4m", "at 4m  fail over database"),
            says: #"""
                a.scn:15:8: error: `fail over database` cannot go with `lose zone ap-south-1a`, which is on from 2m to 6m
                    at 4m  fail over database
                       ^~
                note: a lost zone fails the database over itself, and leaves no standby; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "two revisions at once",
            edits: chaos("at 2m  deploy flask-app", "at 2m  deploy flask-app slow"),
            says: #"""
                a.scn:15:8: error: `deploy flask-app slow` cannot go with `deploy flask-app`, which is on at 2m
                    at 2m  deploy flask-app slow
                       ^~
                note: a service rolls out one revision at a time; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "a scale without a duration",
            edits: chaos("at 2m  scale flask-app to 3 tasks"),
            says: #"""
                a.scn:14:12: error: `scale flask-app to 3 tasks` does not say for how long
                    at 2m  scale flask-app to 3 tasks
                           ^~~~~
                help: for example: scale flask-app to 3 tasks for 4m
                """#),
        Diagnostic(
            "a scale of no service",
            edits: chaos("at 2m  scale to 3 tasks for 2m"),
            says: #"""
                a.scn:14:18: error: expected the name of a service, found `to`
                    at 2m  scale to 3 tasks for 2m
                                 ^~
                help: it reads: at 2m  scale flask-app to 3 tasks for 2m
                """#),
        Diagnostic(
            "a scale without `to`",
            edits: chaos("at 2m  scale flask-app 3 tasks for 2m"),
            says: #"""
                a.scn:14:28: error: expected `to`, found `3`
                    at 2m  scale flask-app 3 tasks for 2m
                                           ^
                help: it reads: at 2m  scale flask-app to 3 tasks for 2m
                """#),
        Diagnostic(
            "a scale without what it counts",
            edits: chaos("at 2m  scale flask-app to 3 for 2m"),
            says: #"""
                a.scn:14:33: error: expected `tasks`, found `for`
                    at 2m  scale flask-app to 3 for 2m
                                                ^~~
                help: it reads: at 2m  scale flask-app to 3 tasks for 2m
                """#),
        Diagnostic(
            "a scale without a number",
            edits: chaos("at 2m  scale flask-app to tasks for 2m"),
            says: #"""
                a.scn:14:31: error: expected a number such as 3, found `tasks`
                    at 2m  scale flask-app to tasks for 2m
                                              ^~~~~
                help: it reads: at 2m  scale flask-app to 3 tasks for 2m
                """#),
        Diagnostic(
            "a scale to a share",
            edits: chaos("at 2m  scale flask-app to 50% tasks for 2m"),
            says: #"""
                a.scn:14:31: error: expected a number such as 3, found `50%`
                    at 2m  scale flask-app to 50% tasks for 2m
                                              ^~~
                help: it reads: at 2m  scale flask-app to 3 tasks for 2m
                """#),
        Diagnostic(
            "a scale to nothing",
            edits: chaos("at 2m  scale flask-app to 0 tasks for 2m"),
            says: #"""
                a.scn:14:31: error: the number of tasks is 0; it can be 1 to 100
                    at 2m  scale flask-app to 0 tasks for 2m
                                              ^
                help: to leave no task of it, write: lose flask-app
                """#),
        Diagnostic(
            "a scale to more than a hundred",
            edits: chaos("at 2m  scale flask-app to 101 tasks for 2m"),
            says: #"""
                a.scn:14:31: error: the number of tasks is 101; it can be 1 to 100
                    at 2m  scale flask-app to 101 tasks for 2m
                                              ^~~
                """#),
        Diagnostic(
            "a scale to fewer than none",
            edits: chaos("at 2m  scale flask-app to -1 tasks for 2m"),
            says: #"""
                a.scn:14:31: error: the number of tasks is negative: -1
                    at 2m  scale flask-app to -1 tasks for 2m
                                              ^~
                """#),
        Diagnostic(
            "a scale with a bare duration",
            edits: chaos("at 2m  scale flask-app to 3 tasks for 2"),
            says: #"""
                a.scn:14:43: error: `2` has no unit
                    at 2m  scale flask-app to 3 tasks for 2
                                                          ^
                help: a duration is in us, ms, s, m or h, as in 2s
                """#),
        Diagnostic(
            "a scale of an unknown service",
            edits: chaos("at 2m  scale flask to 3 tasks for 2m"),
            says: #"""
                a.scn:14:18: error: shop has no service `flask`
                    at 2m  scale flask to 3 tasks for 2m
                                 ^~~~~
                help: did you mean `flask-app`?
                """#),
        Diagnostic(
            "a service held at two numbers",
            edits: chaos("at 2m  scale flask-app to 3 tasks  for 4m", "at 5m  scale flask-app to 4 tasks  for 1m"),
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
            edits: chaos("at 2m  scale flask-app to 3 tasks  for 4m", "at 3m  lose flask-app  for 1m"),
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
            edits: chaos("at 2m  scale flask-app to 1 task  for 4m", "at 3m  kill 2 tasks of flask-app"),
            says: #"""
                a.scn:15:17: error: 2 tasks of `flask-app` cannot be killed: `scale flask-app to 1 task` holds it at 1
                    at 3m  kill 2 tasks of flask-app
                                ^
                """#),
    ]
}
