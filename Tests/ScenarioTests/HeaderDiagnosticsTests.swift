import Testing

/// Every finding about the lines that stand alone, above the sections: title, system, speed, tags; quoted in full.
@Suite struct HeaderDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "a title without quotes",
            edits: [
                Edit(#""A zone goes dark""#, to: "Dark")
            ],
            says: #"""
                a.scn:1:10: error: expected a title in quotes, found `Dark`
                scenario Dark
                         ^~~~
                help: "Dark"
                """#),
        Diagnostic(
            "no title after the word",
            edits: [
                Edit(#" "A zone goes dark""#, to: "")
            ],
            says: #"""
                a.scn:1:9: error: the statement ends where a title is expected
                scenario
                        ^
                help: it reads: scenario "An availability zone goes dark"
                """#),
        Diagnostic(
            "a blank title",
            edits: [
                Edit(#""A zone goes dark""#, to: #""  ""#)
            ],
            says: #"""
                a.scn:1:10: error: `"  "` is not a title
                scenario "  "
                         ^~~~
                """#),
        Diagnostic(
            "a word after the title",
            edits: [
                Edit(#"goes dark""#, to: #"goes dark" twice"#)
            ],
            says: #"""
                a.scn:1:29: error: `twice` is one word too many
                scenario "A zone goes dark" twice
                                            ^~~~~
                help: it reads: scenario "An availability zone goes dark"
                """#),
        Diagnostic(
            "a speed with a unit",
            edits: [
                Edit("speed 6", to: "speed 6x")
            ],
            says: #"""
                a.scn:3:7: error: expected a factor without a unit such as 6, found `6x`
                speed 6x
                      ^~
                help: it reads: speed 6
                """#),
        Diagnostic(
            "a speed out of range",
            edits: [
                Edit("speed 6", to: "speed 600")
            ],
            says: #"""
                a.scn:3:7: error: the speed is 600; it can be 1 to 60
                speed 600
                      ^~~
                """#),
        Diagnostic(
            "no speed after the word",
            edits: [
                Edit("speed 6", to: "speed")
            ],
            says: #"""
                a.scn:3:6: error: the statement ends where a factor such as 6 is expected
                speed
                     ^
                help: it reads: speed 6
                """#),
        Diagnostic(
            "a tag given twice",
            edits: [
                Edit("speed 6", to: "speed 6\ntags zone, quick, zone")
            ],
            says: #"""
                a.scn:4:19: error: a second tag `zone`
                tags zone, quick, zone
                                  ^~~~
                note: the first is on line 4
                help: leave one of them, or rename it
                """#),
        Diagnostic(
            "no tag after a comma",
            edits: [
                Edit("speed 6", to: "speed 6\ntags zone,")
            ],
            says: #"""
                a.scn:4:11: error: the statement ends where a tag is expected
                tags zone,
                          ^
                help: it reads: tags zone, quick
                """#),
        Diagnostic(
            "tags without commas",
            edits: [
                Edit("speed 6", to: "speed 6\ntags zone quick")
            ],
            says: #"""
                a.scn:4:11: error: `quick` is one word too many
                tags zone quick
                          ^~~~~
                help: it reads: tags zone, quick
                """#),
        Diagnostic(
            "an empty system name",
            edits: [
                Edit(#""shop.system""#, to: #""""#)
            ],
            says: #"""
                a.scn:2:5: error: `""` is not the name of a file
                use ""
                    ^~
                """#),
    ]
}
