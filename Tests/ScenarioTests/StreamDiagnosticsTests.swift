import Testing

/// Every finding about loads that stand side by side, quoted in full.
@Suite struct StreamDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    /// The sample with these sections before its chaos.
    private static func beside(_ sections: String) -> [Edit] { [Edit("chaos\n", to: sections + "\nchaos\n")] }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "a load whose requests are called otherwise",
            edits: beside("load \"reports\"\n    hold 2/s for 1m\n\nrequests \"report\"\n    100%  GET /r\n"),
            says: #"""
                a.scn:13:6: error: `load "reports"` has no `requests "reports"`
                load "reports"
                     ^~~~~~~~~
                note: of several loads each has requests of its own, under the same name
                help: did you mean `requests "report"`?
                a.scn:16:10: error: `requests "report"` has no `load "report"`
                requests "report"
                         ^~~~~~~~
                note: of several loads each has requests of its own, under the same name
                help: did you mean `load "reports"`?
                """#),
        Diagnostic(
            "a load without requests",
            edits: beside("load \"reports\"\n    hold 2/s for 1m\n"),
            says: #"""
                a.scn:13:6: error: `load "reports"` has no `requests "reports"`
                load "reports"
                     ^~~~~~~~~
                note: of several loads each has requests of its own, under the same name
                help: add a section that begins: requests "reports"
                """#),
        Diagnostic(
            "two loads of one name",
            edits: beside(
                "load \"r\"\n    hold 2/s for 1m\n\nload \"r\"\n    hold 2/s for 1m\n\nrequests \"r\"\n    100%  GET /r\n"
            ),
            says: #"""
                a.scn:16:1: error: a second `load`
                load "r"
                ^~~~
                note: the first is on line 13
                help: put its statements under the first one
                """#),
        Diagnostic(
            "a name of spaces",
            edits: beside("load \" \"\n    hold 2/s for 1m\n\nrequests \" \"\n    100%  GET /r\n"),
            says: #"""
                a.scn:13:6: error: `" "` is not the name of a load
                load " "
                     ^~~
                """#),
        Diagnostic(
            "a check of a load that is not there",
            edits: beside(
                "load \"reports\"\n    hold 2/s for 1m\n\nrequests \"reports\"\n    100%  GET /r\n")
                + [Edit("lost writes  = 0", to: "lost writes  = 0\n    throughput of \"report\" > 1/s")],
            says: #"""
                a.scn:26:19: error: no load is called `"report"`
                    throughput of "report" > 1/s
                                  ^~~~~~~~
                help: did you mean `"reports"`?
                """#),
        Diagnostic(
            "a check of a load where none has a name",
            edits: [Edit("lost writes  = 0", to: "lost writes  = 0\n    throughput of \"r\" > 1/s")],
            says: #"""
                a.scn:20:19: error: no load is called `"r"`
                    throughput of "r" > 1/s
                                  ^~~
                help: give the load a name: load "r"
                """#),
        Diagnostic(
            "a promise about a load", inSystem: true,
            edits: [Edit("check error rate < 0.5%", to: "check error rate of \"r\" < 0.5%")],
            says: #"""
                shop.system:19:29: error: a promise about the load `"r"`
                        check error rate of "r" < 0.5% when calm
                                            ^~~
                note: a promise is the system's own, whatever a scenario loads it with
                help: leave the load out, or expect it in the scenario itself
                """#),
        Diagnostic(
            "a transport of its own",
            edits: beside(
                "load \"r\"\n    hold 2/s for 1m\n    over https\n\nrequests \"r\"\n    100%  GET /r\n"),
            says: #"""
                a.scn:15:5: error: `over https` in a load that is not the first
                    over https
                    ^~~~
                note: all loads go to the same address, and the first says how
                help: move it to the first load
                """#),
        Diagnostic(
            "users' journey under the name of a rate",
            edits: beside("load \"r\"\n    hold 2/s for 1m\n\nrequests \"r\" in order\n    GET /r\n"),
            says: #"""
                a.scn:16:14: error: a journey in a load that has rates
                requests "r" in order
                             ^~
                note: a user waits for each answer before it goes on; with a rate, requests are due whatever the answers do
                help: say users instead of rates, for example: hold 50 users for 9m
                """#),
        Diagnostic(
            "too many",
            edits: beside(
                (1...16).map {
                    "load \"\($0)\"\n    hold 2/s for 1m\n\nrequests \"\($0)\"\n    100%  GET /r\n"
                }
                .joined()),
            says: #"""
                a.scn:88:1: error: 17 loads at once; there can be 16
                load "16"
                ^~~~
                help: make one of those that have the same rates, with a mix of their requests
                """#),
    ]
}
