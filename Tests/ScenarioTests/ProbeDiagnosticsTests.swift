import Testing

/// Every finding about `probes`, and about checks of a probe, quoted in full.
@Suite struct ProbeDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    /// The sample with these probes, and with this check in the place of its promise.
    private static func asking(_ probes: String..., expecting check: String? = nil) -> [Edit] {
        [Edit("\nexpect\n", to: "\nprobes\n    \(probes.joined(separator: "\n    "))\n\nexpect\n")]
            + (check.map { [Edit("keeps \"few errors\"", to: $0)] } ?? [])
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "a probe without quotes",
            edits: asking(#"redis  at 1m  shell "true""#),
            says: #"""
                a.scn:17:5: error: expected the name of a probe in quotes, found `redis`
                    redis  at 1m  shell "true"
                    ^~~~~
                help: "redis"
                """#),
        Diagnostic(
            "a probe without a name",
            edits: asking("\"\"  at 1m  shell \"true\""),
            says: #"""
                a.scn:17:5: error: `""` is not the name of a probe
                    ""  at 1m  shell "true"
                    ^~
                """#),
        Diagnostic(
            "two probes of one name",
            edits: asking(#""r"  at 1m  in nginx  run "true""#, #""r"  at 2m  shell "false""#),
            says: #"""
                a.scn:18:5: error: a second probe `"r"`
                    "r"  at 2m  shell "false"
                    ^~~
                note: the first is on line 17
                help: leave one of them, or rename it
                """#),
        Diagnostic(
            "a probe without a time",
            edits: asking(#""r"  shell "true""#),
            says: #"""
                a.scn:17:5: error: probe "r" has no `at`
                    "r"  shell "true"
                    ^~~
                help: for example: at 1m
                """#),
        Diagnostic(
            "a probe without a command",
            edits: asking(#""r"  at 1m"#),
            says: #"""
                a.scn:17:5: error: probe "r" has no `shell`
                    "r"  at 1m
                    ^~~
                help: for example: shell "./check.sh"
                """#),
        Diagnostic(
            "a probe without a command in a task",
            edits: asking(#""r"  at 1m  in nginx"#),
            says: #"""
                a.scn:17:5: error: probe "r" has no `run`
                    "r"  at 1m  in nginx
                    ^~~
                help: for example: run "redis-cli ping"
                """#),
        Diagnostic(
            "a probe with an empty command",
            edits: asking(#""r"  at 1m  shell " ""#),
            says: #"""
                a.scn:17:23: error: the command is empty
                    "r"  at 1m  shell " "
                                      ^~~
                help: for example: shell "./check.sh"
                """#),
        Diagnostic(
            "a probe with a command without quotes",
            edits: asking(#""r"  at 1m  shell ./check.sh"#),
            says: #"""
                a.scn:17:23: error: expected a command in quotes, found `./check.sh`
                    "r"  at 1m  shell ./check.sh
                                      ^~~~~~~~~~
                help: "./check.sh"
                """#),
        Diagnostic(
            "`run` without a service",
            edits: asking(#""r"  at 1m  run "true""#),
            says: #"""
                a.scn:17:17: error: `run` does not say in which service's task
                    "r"  at 1m  run "true"
                                ^~~
                help: for example: in redis  run "redis-cli ping"; on this machine it is `shell`
                """#),
        Diagnostic(
            "`shell` in a task",
            edits: asking(#""r"  at 1m  in nginx  shell "true""#),
            says: #"""
                a.scn:17:27: error: `shell` runs on this machine, not in a task of `nginx`
                    "r"  at 1m  in nginx  shell "true"
                                          ^~~~~
                help: use `run` for a command in a task, or leave the `in` out
                """#),
        Diagnostic(
            "two commands",
            edits: asking(#""r"  at 1m  in nginx  run "true"  shell "false""#),
            says: #"""
                a.scn:17:39: error: a probe has one command, and this is its second
                    "r"  at 1m  in nginx  run "true"  shell "false"
                                                      ^~~~~
                help: make two probes of it, or join them with &&
                """#),
        Diagnostic(
            "a group without a service",
            edits: asking(#""r"  at 1m  with group web  shell "true""#),
            says: #"""
                a.scn:17:28: error: a security group is for a probe that runs in a task
                    "r"  at 1m  with group web  shell "true"
                                           ^~~
                help: say in which service's task, as in: in nginx  with group …
                """#),
        Diagnostic(
            "`with` without `group`",
            edits: asking(#""r"  at 1m  in nginx  with web  run "true""#),
            says: #"""
                a.scn:17:32: error: expected `group`, found `web`
                    "r"  at 1m  in nginx  with web  run "true"
                                               ^~~
                help: it reads: in nginx  with group ecs-microservices-alb-sg  run "…"
                """#),
        Diagnostic(
            "a clause twice",
            edits: asking(#""r"  at 1m  at 2m  shell "true""#),
            says: #"""
                a.scn:17:17: error: a second `at` in one statement
                    "r"  at 1m  at 2m  shell "true"
                                ^~
                help: leave one of them
                """#),
        Diagnostic(
            "an unknown clause",
            edits: asking(#""r"  at 1m  shel "true""#),
            says: #"""
                a.scn:17:17: error: expected a clause of the probe, found `shel`
                    "r"  at 1m  shel "true"
                                ^~~~
                help: did you mean `shell`?
                """#),
        Diagnostic(
            "a timeout without a unit",
            edits: asking(#""r"  at 1m  shell "true"  timeout 5"#),
            says: #"""
                a.scn:17:39: error: `5` has no unit
                    "r"  at 1m  shell "true"  timeout 5
                                                      ^
                help: a duration is in us, ms, s, m or h, as in 5s
                """#),
        Diagnostic(
            "a probe of an unknown service",
            edits: asking(#""r"  at 1m  in redis  run "true""#),
            says: #"""
                a.scn:17:20: error: shop has no service `redis`
                    "r"  at 1m  in redis  run "true"
                                   ^~~~~
                help: services: nginx, flask-app
                """#),
        Diagnostic(
            "a probe after the load",
            edits: asking(#""r"  at 20m  in nginx  run "true""#),
            says: #"""
                a.scn:17:13: error: the probe comes at 20m, and the load ends at 570s
                    "r"  at 20m  in nginx  run "true"
                            ^~~
                note: a probe asks the system while it is under load
                help: make the load longer, or the probe earlier
                """#),
        Diagnostic(
            "a check of an unknown probe",
            edits: asking(#""r"  at 1m  in nginx  run "true""#, expecting: #"probe "s" fails"#),
            says: #"""
                a.scn:23:11: error: no probe is called "s"
                    probe "s" fails
                          ^~~
                help: did you mean "r"?
                """#),
        Diagnostic(
            "a check of a misspelt probe",
            edits: asking(#""redis speed"  at 1m  shell "true""#, expecting: #"probe "redis sped" > 5"#),
            says: #"""
                a.scn:23:11: error: no probe is called "redis sped"
                    probe "redis sped" > 5
                          ^~~~~~~~~~~~
                help: did you mean "redis speed"?
                """#),
        Diagnostic(
            "a check of a probe where none is planned",
            edits: [
                Edit(#"keeps "few errors""#, to: #"probe "r" fails"#)
            ],
            says: #"""
                a.scn:20:11: error: no probe is called "r"
                    probe "r" fails
                          ^~~
                help: no probe is planned: add a `probes` section
                """#),
        Diagnostic(
            "a check of a probe without quotes",
            edits: asking(#""r"  at 1m  in nginx  run "true""#, expecting: #"probe r fails"#),
            says: #"""
                a.scn:23:11: error: expected the name of a probe in quotes, found `r`
                    probe r fails
                          ^
                help: "r"
                """#),
        Diagnostic(
            "a check of a probe with a unit",
            edits: asking(#""r"  at 1m  in nginx  run "true""#, expecting: #"probe "r" > 5ms"#),
            says: #"""
                a.scn:23:17: error: expected a number without a unit such as 50000, found `5ms`
                    probe "r" > 5ms
                                ^~~
                help: it reads: probe "redis operations" > 50000
                """#),
        Diagnostic(
            "a check of a probe with a window",
            edits: asking(#""r"  at 1m  in nginx  run "true""#, expecting: #"probe "r" succeeds when calm"#),
            says: #"""
                a.scn:23:5: error: a probe has one answer, and takes no window
                    probe "r" succeeds when calm
                    ^~~~~
                help: leave the window out; the probe's own `at` says when it is asked
                """#),
        Diagnostic(
            "a check of a probe that says nothing",
            edits: asking(#""r"  at 1m  in nginx  run "true""#, expecting: #"probe "r""#),
            says: #"""
                a.scn:23:14: error: the statement ends where `succeeds`, `fails` or a comparison such as `>` is expected
                    probe "r"
                             ^
                help: it reads: probe "redis operations" > 50000
                """#),
        Diagnostic(
            "a check of a probe with an unknown answer",
            edits: asking(#""r"  at 1m  in nginx  run "true""#, expecting: #"probe "r" failed"#),
            says: #"""
                a.scn:23:15: error: expected `succeeds`, `fails` or a comparison such as `>`, found `failed`
                    probe "r" failed
                              ^~~~~~
                help: it reads: probe "redis operations" > 50000
                """#),
        Diagnostic(
            "a promise about a probe that is not planned", inSystem: true,
            edits: [Edit("check error rate < 0.5% when calm", to: #"check probe "a stranger" fails"#)],
            says: #"""
                a.scn:20:11: error: "few errors" looks at the probe "a stranger", and no such probe is \#
                planned
                    keeps "few errors"
                          ^~~~~~~~~~~~
                help: plan a probe called "a stranger", or leave this promise to another scenario
                """#),
        Diagnostic(
            "an empty section",
            edits: [
                Edit(#"\#nexpect\#n"#, to: #"\#nprobes\#n\#nexpect\#n"#)
            ],
            says: #"""
                a.scn:16:1: error: `probes` is empty
                probes
                ^~~~~~
                help: for example: "redis operations"  at 1m  in redis  run "redis-benchmark -q -t get"
                """#),
        Diagnostic(
            "a probe without a system",
            edits: [
                Edit(#"use "shop.system"\#n"#, to: #""#),
                Edit(#"keeps "few errors""#, to: #"error rate < 1%"#),
                Edit(#"at 2m  block zone ap-south-1a  for 4m"#, to: #""#),
                Edit(#"chaos\#n    \#n\#n"#, to: #""#),
                Edit(#"recovery     < 120s     after block zone\#n    "#, to: #""#),
                Edit(
                    #"\#nexpect\#n"#, to: #"\#nprobes\#n    "r"  at 1m  in nginx  run "true"\#n\#nexpect\#n"#),
            ],
            says: #"""
                a.scn:13:20: error: `nginx` cannot be looked up: the scenario uses no system
                    "r"  at 1m  in nginx  run "true"
                                   ^~~~~
                help: add a line such as: use "ecs-microservices.system"
                """#),
    ]
}
