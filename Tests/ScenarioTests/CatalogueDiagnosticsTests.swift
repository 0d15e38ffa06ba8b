import Scenario
import Testing

/// Every finding about the faults of the whole catalogue, quoted in full.
@Suite struct CatalogueDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    @Test func `a fail-over of a system without a database is an error`() {
        let scenario = Edit.apply(Edit.chaos("at 2m  fail over database"), to: Sample.scenario)
        let reading = Sample.parse(
            scenario, system: Edit.apply([Edit("database shop-db\n", to: "")], to: Sample.system))
        #expect(
            reading.findings.map(\.description) == [
                """
                a.scn:14:12: error: shop has no database
                    at 2m  fail over database
                           ^~~~
                help: add a line to the system file such as: database ecs-microservices-db
                """
            ])
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "hang without a duration",
            edits: Edit.chaos("at 2m  hang 1 task of nginx"),
            says: #"""
                a.scn:14:12: error: `hang 1 task of nginx` does not say for how long
                    at 2m  hang 1 task of nginx
                           ^~~~
                help: for example: hang 1 task of nginx for 4m
                """#),
        Diagnostic(
            "hang without `of`",
            edits: Edit.chaos("at 2m  hang 1 task nginx for 3m"),
            says: #"""
                a.scn:14:24: error: expected `of`, found `nginx`
                    at 2m  hang 1 task nginx for 3m
                                       ^~~~~
                help: it reads: at 2m  hang 1 task of nginx in zone ap-south-1a for 3m
                """#),
        Diagnostic(
            "a hang of more tasks than there are",
            edits: Edit.chaos("at 2m  hang 3 tasks of nginx for 3m"),
            says: #"""
                a.scn:14:17: error: 3 tasks of `nginx` cannot be hung: at rest it has 2
                    at 2m  hang 3 tasks of nginx for 3m
                                ^
                note: the system file says how many tasks a service has
                """#),
        Diagnostic(
            "an interruption with a duration",
            edits: Edit.chaos("at 2m  interrupt 1 task of flask-app for 1m"),
            says: #"""
                a.scn:14:42: error: `interrupt 1 task of flask-app` is over at once, and takes no `for`
                    at 2m  interrupt 1 task of flask-app for 1m
                                                         ^~~
                help: leave the `for` out
                """#),
        Diagnostic(
            "an interruption of more tasks than there are",
            edits: Edit.chaos("at 2m  interrupt 3 tasks of flask-app"),
            says: #"""
                a.scn:14:22: error: 3 tasks of `flask-app` cannot be interrupted: at rest it has 2
                    at 2m  interrupt 3 tasks of flask-app
                                     ^
                note: the system file says how many tasks a service has
                """#),
        Diagnostic(
            "an interruption in a zone",
            edits: Edit.chaos("at 2m  interrupt 1 task of flask-app in zone ap-south-1a"),
            says: #"""
                a.scn:14:42: error: `in` is one word too many
                    at 2m  interrupt 1 task of flask-app in zone ap-south-1a
                                                         ^~
                help: it reads: at 2m  interrupt 1 task of flask-app
                """#),
        Diagnostic(
            "a fail-over of something else",
            edits: Edit.chaos("at 2m  fail over redis"),
            says: #"""
                a.scn:14:22: error: expected `database`, found `redis`
                    at 2m  fail over redis
                                     ^~~~~
                help: it reads: at 2m  fail over database
                """#),
        Diagnostic(
            "a fail-over spelt as a person says it",
            edits: Edit.chaos("at 2m  fail database over"),
            says: #"""
                a.scn:14:17: error: expected `over`, found `database`
                    at 2m  fail database over
                                ^~~~~~~~
                help: it reads: at 2m  fail over database
                """#),
        Diagnostic(
            "a fail-over with a duration",
            edits: Edit.chaos("at 2m  fail over database for 1m"),
            says: #"""
                a.scn:14:31: error: `fail over database` is over at once, and takes no `for`
                    at 2m  fail over database for 1m
                                              ^~~
                help: leave the `for` out
                """#),
        Diagnostic(
            "a deployment of no service",
            edits: Edit.chaos("at 2m  deploy"),
            says: #"""
                a.scn:14:18: error: the statement ends where the name of a service is expected
                    at 2m  deploy
                                 ^
                help: it reads: at 2m  deploy flask-app failing its health check
                """#),
        Diagnostic(
            "a deployment of an unknown service",
            edits: Edit.chaos("at 2m  deploy flask"),
            says: #"""
                a.scn:14:19: error: shop has no service `flask`
                    at 2m  deploy flask
                                  ^~~~~
                help: did you mean `flask-app`?
                """#),
        Diagnostic(
            "a deployment of an unknown kind",
            edits: Edit.chaos("at 2m  deploy flask-app crashes"),
            says: #"""
                a.scn:14:29: error: expected `crashing`, `slow` or `failing its health check`, found `crashes`
                    at 2m  deploy flask-app crashes
                                            ^~~~~~~
                help: it reads: at 2m  deploy flask-app failing its health check
                """#),
        Diagnostic(
            "a deployment that is broken in no known way",
            edits: Edit.chaos("at 2m  deploy flask-app upside-down"),
            says: #"""
                a.scn:14:29: error: expected `crashing`, `slow` or `failing its health check`, found `upside-down`
                    at 2m  deploy flask-app upside-down
                                            ^~~~~~~~~~~
                help: it reads: at 2m  deploy flask-app failing its health check
                """#),
        Diagnostic(
            "a deployment that fails half a check",
            edits: Edit.chaos("at 2m  deploy flask-app failing health check"),
            says: #"""
                a.scn:14:37: error: expected `its`, found `health`
                    at 2m  deploy flask-app failing health check
                                                    ^~~~~~
                help: it reads: at 2m  deploy flask-app failing its health check
                """#),
        Diagnostic(
            "a deployment with a duration",
            edits: Edit.chaos("at 2m  deploy flask-app slow for 1m"),
            says: #"""
                a.scn:14:34: error: `deploy flask-app slow` is over at once, and takes no `for`
                    at 2m  deploy flask-app slow for 1m
                                                 ^~~
                help: leave the `for` out
                """#),
        Diagnostic(
            "a lost zone without a name",
            edits: Edit.chaos("at 2m  lose zone for 4m"),
            says: #"""
                a.scn:14:22: error: expected the name of a zone, found `for`
                    at 2m  lose zone for 4m
                                     ^~~
                help: it reads: at 2m  lose zone ap-south-1a for 4m
                """#),
        Diagnostic(
            "a lost zone that is unknown",
            edits: Edit.chaos("at 2m  lose zone ap-south-1c for 4m"),
            says: #"""
                a.scn:14:22: error: shop has no zone `ap-south-1c`
                    at 2m  lose zone ap-south-1c for 4m
                                     ^~~~~~~~~~~
                help: did you mean `ap-south-1a`?
                """#),
        Diagnostic(
            "a lost zone without a duration",
            edits: Edit.chaos("at 2m  lose zone ap-south-1a"),
            says: #"""
                a.scn:14:12: error: `lose zone ap-south-1a` does not say for how long
                    at 2m  lose zone ap-south-1a
                           ^~~~
                help: for example: lose zone ap-south-1a for 4m
                """#),
        Diagnostic(
            "a zone lost as if it were a service",
            edits: Edit.chaos("at 2m  lose ap-south-1a for 4m"),
            says: #"""
                a.scn:14:17: error: `ap-south-1a` is a zone, and reads here as a service
                    at 2m  lose ap-south-1a for 4m
                                ^~~~~~~~~~~
                help: write: lose zone ap-south-1a
                """#),
        Diagnostic(
            "nothing lost",
            edits: Edit.chaos("at 2m  lose"),
            says: #"""
                a.scn:14:16: error: the statement ends where `zone`, `nat` or the name of a service is expected
                    at 2m  lose
                               ^
                help: it reads: at 2m  lose zone ap-south-1a for 4m
                """#),
        Diagnostic(
            "a lost service that is unknown",
            edits: Edit.chaos("at 2m  lose memcached for 4m"),
            says: #"""
                a.scn:14:17: error: shop has no service `memcached`
                    at 2m  lose memcached for 4m
                                ^~~~~~~~~
                help: services: nginx, flask-app
                """#),
        Diagnostic(
            "a lost service in a zone",
            edits: Edit.chaos("at 2m  lose nginx in zone ap-south-1a for 4m"),
            says: #"""
                a.scn:14:23: error: expected `for`, found `in`
                    at 2m  lose nginx in zone ap-south-1a for 4m
                                      ^~
                help: it reads: at 2m  lose redis for 1m
                """#),
        Diagnostic(
            "a lost NAT in an unknown zone",
            edits: Edit.chaos("at 2m  lose nat in zone ap-south-1c for 4m"),
            says: #"""
                a.scn:14:29: error: shop has no zone `ap-south-1c`
                    at 2m  lose nat in zone ap-south-1c for 4m
                                            ^~~~~~~~~~~
                help: did you mean `ap-south-1a`?
                """#),
        Diagnostic(
            "a lost NAT of a zone without `in zone`",
            edits: Edit.chaos("at 2m  lose nat ap-south-1a for 4m"),
            says: #"""
                a.scn:14:21: error: expected `for`, found `ap-south-1a`
                    at 2m  lose nat ap-south-1a for 4m
                                    ^~~~~~~~~~~
                help: it reads: at 2m  lose nat in zone ap-south-1a for 2m
                """#),
        Diagnostic(
            "a service called nat is lost in quotes, and there is none",
            edits: Edit.chaos(#"at 2m  lose "nat" for 4m"#),
            says: #"""
                a.scn:14:17: error: shop has no service `nat`
                    at 2m  lose "nat" for 4m
                                ^~~~~
                help: services: nginx, flask-app
                """#),
        Diagnostic(
            "a part of the tasks that is all of them",
            edits: Edit.chaos("at 2m  kill 90% of nginx"),
            says: #"""
                a.scn:14:17: error: of the 2 tasks of `nginx` this is none, or all
                    at 2m  kill 90% of nginx
                                ^~~
                help: say how many: 1 task of
                """#),
        Diagnostic(
            "a part of the tasks that is no part",
            edits: Edit.chaos("at 2m  kill 100% of nginx"),
            says: #"""
                a.scn:14:17: error: the part of the tasks is no whole percentage from 1% to 99%
                    at 2m  kill 100% of nginx
                                ^~~~
                help: to strike all of them, write: lose SERVICE for 2m
                """#),
        Diagnostic(
            "a cut from a service that is not there",
            edits: Edit.chaos("at 2m  cut flask-app from radis for 1m"),
            says: #"""
                a.scn:14:31: error: shop has no service `radis`
                    at 2m  cut flask-app from radis for 1m
                                              ^~~~~
                help: services: nginx, flask-app
                """#),
        Diagnostic(
            "a service that is cut off from itself",
            edits: Edit.chaos("at 2m  cut nginx from nginx for 1m"),
            says: #"""
                a.scn:14:27: error: `nginx` cannot be cut off from itself
                    at 2m  cut nginx from nginx for 1m
                                          ^~~~~
                help: name what it calls: a service, `database` or `dns`
                """#),
        Diagnostic(
            "a part of the packets that SSM does not take",
            edits: Edit.chaos("at 2m  lose 0.5% of packets of nginx for 1m"),
            says: #"""
                a.scn:14:17: error: the part of the packets is no whole percentage from 1% to 100%
                    at 2m  lose 0.5% of packets of nginx for 1m
                                ^~~~
                """#),
        Diagnostic(
            "connections of something else", edits: Edit.chaos("at 2m  exhaust connections of redis for 1m"),
            says: #"""
                a.scn:14:35: error: expected `database`, found `redis`
                    at 2m  exhaust connections of redis for 1m
                                                  ^~~~~
                help: it reads: at 2m  exhaust connections of database as flask-app for 2m
                """#),
        Diagnostic(
            "a shell without an undo", edits: Edit.chaos(#"at 2m  shell "./flag off" for 1m"#),
            says: #"""
                a.scn:14:31: error: expected `undo`, found `for`
                    at 2m  shell "./flag off" for 1m
                                              ^~~
                help: it reads: at 2m  shell "./flag off" undo "./flag on" for 2m
                """#),
        Diagnostic(
            "an empty undo", edits: Edit.chaos(#"at 2m  shell "./flag off" undo "" for 1m"#),
            says: #"""
                a.scn:14:36: error: the command that undoes it is empty
                    at 2m  shell "./flag off" undo "" for 1m
                                                   ^~
                help: a command that has nothing to do is: true
                """#),
        Diagnostic(
            "a shell that never ends", edits: Edit.chaos(#"at 2m  shell "a" undo "b""#),
            says: #"""
                a.scn:14:12: error: `shell "a" undo "b"` does not say for how long
                    at 2m  shell "a" undo "b"
                           ^~~~~
                help: for example: shell "a" undo "b" for 4m
                """#),
    ]
}
