import Testing

/// Every finding about the characters of a file, quoted in full.
@Suite struct TextDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "tabs in the indentation",
            edits: [
                Edit(
                    #"""
                        hold 80/s for 9m

                    """#,
                    to: #"""
                        \#thold 80/s for 9m
                        \#thold 10/s for 1m

                        """#)
            ],
            says: #"""
                a.scn:7:1: error: a tab in the indentation, here and in 1 more line
                \#thold 80/s for 9m
                ^
                note: how deep a tab indents depends on the editor, and depth has a meaning here
                help: indent with four spaces; `loadchaos fmt` replaces the tabs
                """#),
        Diagnostic(
            "one tab in the indentation",
            edits: [
                Edit(
                    #"""
                        hold 80/s for 9m

                    """#,
                    to: #"""
                        \#thold 80/s for 9m

                        """#)
            ],
            says: #"""
                a.scn:7:1: error: a tab in the indentation
                \#thold 80/s for 9m
                ^
                note: how deep a tab indents depends on the editor, and depth has a meaning here
                help: indent with four spaces; `loadchaos fmt` replaces the tabs
                """#),
        Diagnostic(
            "an invisible character",
            edits: [
                Edit("A zone", to: #"A\#u{200B}zone"#)
            ],
            says: #"""
                a.scn:1:12: error: an invisible character, U+200B
                scenario "A�zone goes dark"
                           ^
                help: delete it; in a json body write it as \u…
                """#),
        Diagnostic(
            "an escape sequence cannot reach the terminal",
            edits: [
                Edit("A zone", to: #"A \#u{1B}[2Jzone"#)
            ],
            says: #"""
                a.scn:1:13: error: an invisible character, U+001B
                scenario "A �[2Jzone goes dark"
                            ^
                help: delete it; in a json body write it as \u…
                """#),
        Diagnostic(
            "a typographic quote",
            edits: [
                Edit(#""A zone goes dark""#, to: "“Dark”")
            ],
            says: #"""
                a.scn:1:10: error: a typographic quote, `“`
                scenario “Dark”
                         ^
                help: strings stand in straight quotes: "
                """#),
        Diagnostic(
            "a string that is not closed",
            edits: [
                Edit(#""A zone goes dark""#, to: #""A zone"#)
            ],
            says: #"""
                a.scn:1:10: error: the string is not closed on its line
                scenario "A zone
                         ^
                help: close it with a ", or write \" for a quote inside it
                """#),
        Diagnostic(
            "an unknown escape",
            edits: [
                Edit(#""A zone goes dark""#, to: #""A \zone""#)
            ],
            says: #"""
                a.scn:1:13: error: `\z` is not an escape
                scenario "A \zone"
                            ^~
                help: the escapes are \" \\ \n \t
                """#),
        Diagnostic(
            "a brace that is not closed",
            edits: [
                Edit("{int 1..500}", to: "{int 1..500")
            ],
            says: #"""
                a.scn:10:26: error: the `{` is not closed on its line
                    60%  GET  /api/items/{int 1..500
                                         ^
                help: a placeholder ends with `}`, as in {int 1..500}
                """#),
        Diagnostic(
            "a json body that is not closed",
            edits: [
                Edit(#"{"id": "{uuid}"}"#, to: #"{"id": "{uuid}""#)
            ],
            says: #"""
                a.scn:11:32: error: the `{` of the json body is not closed on its line
                    40%  POST /api/items  json {"id": "{uuid}"  expect 201  tracked
                                               ^
                help: a json body stands on one line; count its brackets
                """#),
        Diagnostic(
            "a json string that is not closed",
            edits: [
                Edit(#"{"id": "{uuid}"}"#, to: #"{"id": "{uuid}}"#)
            ],
            says: #"""
                a.scn:11:39: error: the string is not closed on its line
                    40%  POST /api/items  json {"id": "{uuid}}  expect 201  tracked
                                                      ^
                help: close it with a ", or write \" for a quote inside it
                """#),
    ]
}
