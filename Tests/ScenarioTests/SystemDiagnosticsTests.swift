import Testing

/// Every finding about a `.system` file, quoted in full.
@Suite struct SystemDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "a system file that is missing",
            edits: [
                Edit(#""shop.system""#, to: #""shpo.system""#)
            ],
            says: #"""
                a.scn:2:5: error: shpo.system: there is no such file
                use "shpo.system"
                    ^~~~~~~~~~~~~
                note: the path starts from the directory of the scenario
                help: did you mean `shop.system`?
                """#),
        Diagnostic(
            "a system that is a directory",
            edits: [
                Edit(#""shop.system""#, to: #"".""#)
            ],
            says: #"""
                a.scn:2:5: error: .: this is a directory, not a file
                use "."
                    ^~~
                """#),
        Diagnostic(
            "an error in the system is shown with its own file", inSystem: true,
            edits: [
                Edit("tasks 2 to 4  cpu 0.25vCPU", to: "tasks 2 to 4  cpu 256")
            ],
            says: #"""
                shop.system:13:34: error: `256` has no unit
                    nginx      tasks 2 to 4  cpu 256  memory 512MiB   port 80
                                                 ^~~
                help: CPU is in vCPU, which ECS counts as 1024 units each, as in 0.25vCPU
                """#),
        Diagnostic(
            "memory in megabytes", inSystem: true,
            edits: [
                Edit("512MiB", to: "512MB")
            ],
            says: #"""
                shop.system:13:51: error: `MB` is not a unit of memory
                    nginx      tasks 2 to 4  cpu 0.25vCPU  memory 512MB   port 80
                                                                  ^~~~~
                help: did you mean `512MiB`?
                """#),
        Diagnostic(
            "a share of CPU that no unit expresses", inSystem: true,
            edits: [
                Edit("0.25vCPU", to: "0.3vCPU")
            ],
            says: #"""
                shop.system:13:34: error: the CPU in units of 1/1024 vCPU is not a whole number: 307.2
                    nginx      tasks 2 to 4  cpu 0.3vCPU  memory 512MiB   port 80
                                                 ^~~~~~~
                """#),
        Diagnostic(
            "no region", inSystem: true,
            edits: [
                Edit(
                    #"""
                    region ap-south-1

                    """#, to: "")
            ],
            says: #"""
                shop.system: error: the system has no `region`
                help: for example: region ap-south-1
                """#),
        Diagnostic(
            "a misspelt section", inSystem: true,
            edits: [
                Edit("zones ", to: "zoens ")
            ],
            says: #"""
                shop.system:3:1: error: a system has no section `zoens`
                zoens ap-south-1a, ap-south-1b
                ^~~~~
                help: did you mean `zones`?
                """#),
        Diagnostic(
            "a section of a scenario", inSystem: true,
            edits: [
                Edit(
                    #"""
                    guard

                    """#,
                    to: #"""
                        load

                        """#)
            ],
            says: #"""
                shop.system:8:1: error: a system has no section `load`
                load
                ^~~~
                help: sections: system, region, zones, cluster, balancer, database, guard, services, hops, \#
                promises, costs
                """#),
        Diagnostic(
            "a guard that is not indented", inSystem: true,
            edits: [
                Edit(
                    #"""
                    guard
                        account
                    """#,
                    to: #"""
                        guard
                            tag a = b
                        account
                        """#)
            ],
            says: #"""
                shop.system:10:1: error: `account` is a statement of `guard`, and is not indented
                account 123456789012
                ^~~~~~~
                help: move it under `guard` and indent it by four spaces
                """#),
        Diagnostic(
            "a zone twice", inSystem: true,
            edits: [
                Edit("ap-south-1b", to: "ap-south-1a")
            ],
            says: #"""
                shop.system:3:20: error: a second zone `ap-south-1a`
                zones ap-south-1a, ap-south-1a
                                   ^~~~~~~~~~~
                note: the first is on line 3
                help: leave one of them, or rename it
                """#),
        Diagnostic(
            "a zone without a comma", inSystem: true,
            edits: [
                Edit("ap-south-1a, ap", to: "ap-south-1a ap")
            ],
            says: #"""
                shop.system:3:19: error: `ap-south-1b` is one word too many
                zones ap-south-1a ap-south-1b
                                  ^~~~~~~~~~~
                help: it reads: zones ap-south-1a, ap-south-1b
                """#),
        Diagnostic(
            "a balancer without a service", inSystem: true,
            edits: [
                Edit(" in front of nginx", to: "")
            ],
            says: #"""
                shop.system:5:18: error: the statement ends where `in` is expected
                balancer shop-alb
                                 ^
                help: it reads: balancer ecs-microservices-alb in front of nginx
                """#),
        Diagnostic(
            "a balancer of an unknown service", inSystem: true,
            edits: [
                Edit("front of nginx", to: "front of ngins")
            ],
            says: #"""
                shop.system:5:31: error: shop has no service `ngins`
                balancer shop-alb in front of ngins
                                              ^~~~~
                help: did you mean `nginx`?
                """#),
        Diagnostic(
            "an account that is none", inSystem: true,
            edits: [
                Edit("123456789012", to: "1234")
            ],
            says: #"""
                shop.system:9:13: error: `1234` is not an AWS account of 12 digits
                    account 1234
                            ^~~~
                """#),
        Diagnostic(
            "a tag without a value", inSystem: true,
            edits: [
                Edit(" = allowed", to: "")
            ],
            says: #"""
                shop.system:10:18: error: the statement ends where `=` is expected
                    tag loadchaos
                                 ^
                help: it reads: tag loadchaos = allowed
                """#),
        Diagnostic(
            "a service without its tasks", inSystem: true,
            edits: [
                Edit("nginx      tasks 2 to 4  ", to: "nginx  ")
            ],
            says: #"""
                shop.system:13:5: error: service `nginx` has no `tasks`
                    nginx  cpu 0.25vCPU  memory 512MiB   port 80
                    ^~~~~
                help: for example: tasks 2 to 4
                """#),
        Diagnostic(
            "a service clause misspelt", inSystem: true,
            edits: [
                Edit("memory 512MiB", to: "memroy 512MiB")
            ],
            says: #"""
                shop.system:13:44: error: expected a clause of the service, found `memroy`
                    nginx      tasks 2 to 4  cpu 0.25vCPU  memroy 512MiB   port 80
                                                           ^~~~~~
                help: did you mean `memory`?
                """#),
        Diagnostic(
            "tasks in the wrong order", inSystem: true,
            edits: [
                Edit("nginx      tasks 2 to 4", to: "nginx      tasks 4 to 2")
            ],
            says: #"""
                shop.system:13:27: error: nothing lies between: the second bound is smaller than the first
                    nginx      tasks 4 to 2  cpu 0.25vCPU  memory 512MiB   port 80
                                          ^
                help: the smaller number comes first
                """#),
        Diagnostic(
            "a port over the limit", inSystem: true,
            edits: [
                Edit("port 80", to: "port 80000")
            ],
            says: #"""
                shop.system:13:65: error: the port is 80000; it can be 1 to 65535
                    nginx      tasks 2 to 4  cpu 0.25vCPU  memory 512MiB   port 80000
                                                                                ^~~~~
                """#),
        Diagnostic(
            "a health check that is no path", inSystem: true,
            edits: [
                Edit("health /health", to: "health health")
            ],
            says: #"""
                shop.system:14:78: error: `health` is not a path
                    flask-app  tasks 2 to 4  cpu 0.5vCPU   memory 1024MiB  port 5000  health health
                                                                                             ^~~~~~
                help: a path begins with `/`; the host comes from the system, or from --on
                """#),
        Diagnostic(
            "a service twice", inSystem: true,
            edits: [
                Edit(
                    #"""

                    promises
                    """#,
                    to: #"""
                            nginx      tasks 1  cpu 1vCPU  memory 1GiB  port 81

                        promises
                        """#)
            ],
            says: #"""
                shop.system:15:5: error: a second service `nginx`
                    nginx      tasks 1  cpu 1vCPU  memory 1GiB  port 81
                    ^~~~~
                note: the first is on line 13
                help: leave one of them, or rename it
                """#),
        Diagnostic(
            "a promise without quotes", inSystem: true,
            edits: [
                Edit(#""few errors""#, to: "few")
            ],
            says: #"""
                shop.system:17:5: error: expected the name of a promise in quotes, found `few`
                    few
                    ^~~
                help: "few"
                """#),
        Diagnostic(
            "a promise without a section", inSystem: true,
            edits: [
                Edit(
                    #"""
                            from "Response Times"

                    """#, to: "")
            ],
            says: #"""
                shop.system:17:5: error: promise "few errors" has no `from`
                    "few errors"
                    ^~~~~~~~~~~~
                help: for example: from "High Availability Features"
                """#),
        Diagnostic(
            "a promise without a check", inSystem: true,
            edits: [
                Edit(
                    #"""
                            check error rate < 0.5% when calm

                    """#, to: "")
            ],
            says: #"""
                shop.system:17:5: error: promise "few errors" has no `check`
                    "few errors"
                    ^~~~~~~~~~~~
                help: for example: check error rate < 0.5% when calm
                """#),
        Diagnostic(
            "a promise twice", inSystem: true,
            edits: [
                Edit(#""a dead task is replaced""#, to: #""few errors""#)
            ],
            says: #"""
                shop.system:20:5: error: a second promise `few errors`
                    "few errors"
                    ^~~~~~~~~~~~
                note: the first is on line 17
                help: leave one of them, or rename it
                """#),
        Diagnostic(
            "a promise about an unknown service", inSystem: true,
            edits: [
                Edit("tasks of flask-app", to: "tasks of flask")
            ],
            says: #"""
                shop.system:22:32: error: shop has no service `flask`
                        check healthy tasks of flask >= 2 after kill
                                               ^~~~~
                help: did you mean `flask-app`?
                """#),
        Diagnostic(
            "a clause of a promise misspelt", inSystem: true,
            edits: [
                Edit(#"from "Response"#, to: #"form "Response"#)
            ],
            says: #"""
                shop.system:18:9: error: expected a clause of the promise, found `form`
                        form "Response Times"
                        ^~~~
                help: did you mean `from`?
                """#),
        Diagnostic(
            "known to be what", inSystem: true,
            edits: [
                Edit("when calm", to: "when calm known bug")
            ],
            says: #"""
                shop.system:19:49: error: expected `broken`, found `bug`
                        check error rate < 0.5% when calm known bug
                                                                ^~~
                help: it reads: known broken "why it cannot be kept"
                """#),
    ]
}
