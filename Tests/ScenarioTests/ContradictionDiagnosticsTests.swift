import Scenario
import Testing

/// Faults that cannot be on at the same time, each quoted in full.
@Suite struct ContradictionDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    @Test func `faults that only come close to each other are none of its business`() {
        let scenario = Edit.apply(
            Edit.chaos(
                "at 2m  block zone ap-south-1a  for 1m", "at 3m  lose zone ap-south-1a  for 1m",
                "at 2m  lose nginx  for 1m", "at 2m  kill 1 task of flask-app", "at 4m  fail over database",
                "at 5m  deploy flask-app", "at 6m  deploy flask-app crashing"),
            to: Sample.scenario)
        #expect(Sample.parse(scenario).findings.map(\.description) == [])
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "a zone that is blocked and lost",
            edits: Edit.chaos(
                "at 2m  block zone ap-south-1a  for 4m", "at 5m  lose zone ap-south-1a  for 1m"),
            says: #"""
                a.scn:15:8: error: `lose zone ap-south-1a` cannot go with `block zone ap-south-1a`, which is on from 2m to 6m
                    at 5m  lose zone ap-south-1a  for 1m
                       ^~
                note: both put the subnets of ap-south-1a on a network ACL of their own; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "two kinds of network fault in one service's tasks",
            edits: Edit.chaos(
                "at 2m  delay nginx by 50ms  for 4m", "at 3m  lose 5% of packets of nginx  for 1m"),
            says: #"""
                a.scn:15:8: error: `lose 5% of packets of nginx` cannot go with `delay nginx by 50ms`, which is on from 2m to 6m
                    at 3m  lose 5% of packets of nginx  for 1m
                       ^~
                note: AWS runs one kind of network fault in a task at a time; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "a database exhausted twice",
            edits: Edit.chaos(
                "at 2m  exhaust connections of database as nginx  for 4m",
                "at 3m  exhaust connections of database as flask-app  for 1m"),
            says: #"""
                a.scn:15:8: error: `exhaust connections of database as flask-app` cannot go with `exhaust connections of database as nginx`, which is on from 2m to 6m
                    at 3m  exhaust connections of database as flask-app  for 1m
                       ^~
                note: the first one leaves the other nothing; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "tasks of a service that is lost",
            edits: Edit.chaos("at 2m  lose flask-app  for 4m", "at 3m  hang 1 task of flask-app  for 30s"),
            says: #"""
                a.scn:15:8: error: `hang 1 task of flask-app` cannot go with `lose flask-app`, which is on from 2m to 6m
                    at 3m  hang 1 task of flask-app  for 30s
                       ^~
                note: no task of flask-app is left; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "a deployment of a service that is lost later in the file",
            edits: Edit.chaos("at 3m  deploy flask-app", "at 2m  lose flask-app  for 4m"),
            says: #"""
                a.scn:15:8: error: `lose flask-app` cannot go with `deploy flask-app`, which is on at 3m
                    at 2m  lose flask-app  for 4m
                       ^~
                note: no task of flask-app is left; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "one NAT and all of them",
            edits: Edit.chaos("at 2m  lose nat  for 4m", "at 3m  lose nat in zone ap-south-1b  for 1m"),
            says: #"""
                a.scn:15:8: error: `lose nat in zone ap-south-1b` cannot go with `lose nat`, which is on from 2m to 6m
                    at 3m  lose nat in zone ap-south-1b  for 1m
                       ^~
                note: both take the same route away; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "a fail-over while a zone is lost",
            edits: Edit.chaos("at 2m  lose zone ap-south-1a  for 4m", "at 4m  fail over database"),
            says: #"""
                a.scn:15:8: error: `fail over database` cannot go with `lose zone ap-south-1a`, which is on from 2m to 6m
                    at 4m  fail over database
                       ^~
                note: a lost zone fails the database over itself, and leaves no standby; it is planned on line 14
                help: move one of them, or leave it out
                """#),
        Diagnostic(
            "two revisions at once",
            edits: Edit.chaos("at 2m  deploy flask-app", "at 2m  deploy flask-app slow"),
            says: #"""
                a.scn:15:8: error: `deploy flask-app slow` cannot go with `deploy flask-app`, which is on at 2m
                    at 2m  deploy flask-app slow
                       ^~
                note: a service rolls out one revision at a time; it is planned on line 14
                help: move one of them, or leave it out
                """#),
    ]
}
