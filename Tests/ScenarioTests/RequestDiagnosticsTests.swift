import Testing

/// Every finding about the weights, methods, paths and placeholders of `requests`, quoted in full.
@Suite struct RequestDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "weights under 100 %",
            edits: [
                Edit("60%  GET", to: "50%  GET")
            ],
            says: #"""
                a.scn:9:1: error: the weights of the 2 requests add up to 90%, not 100%
                requests
                ^~~~~~~~
                help: 10% are missing
                """#),
        Diagnostic(
            "weights over 100 %",
            edits: [
                Edit("60%  GET", to: "60.5%  GET")
            ],
            says: #"""
                a.scn:9:1: error: the weights of the 2 requests add up to 100.5%, not 100%
                requests
                ^~~~~~~~
                help: 0.5% are too many
                """#),
        Diagnostic(
            "one request without all the weight",
            edits: [
                Edit(
                    #"""
                        40%  POST /api/items  json {"id": "{uuid}"}  expect 201  tracked

                    """#, to: "")
            ],
            says: #"""
                a.scn:9:1: error: the only request has a weight of 60%, not 100%
                requests
                ^~~~~~~~
                help: write 100%
                """#),
        Diagnostic(
            "no weight",
            edits: [
                Edit("60%  GET", to: "GET")
            ],
            says: #"""
                a.scn:10:5: error: the request has no weight before `GET`
                    GET  /api/items/{int 1..500}
                    ^~~
                help: begin with its share of the requests: 100%  GET …
                """#),
        Diagnostic(
            "a weight without a unit",
            edits: [
                Edit("60%  GET", to: "60  GET")
            ],
            says: #"""
                a.scn:10:5: error: `60` has no unit
                    60  GET  /api/items/{int 1..500}
                    ^~
                help: a percentage ends in %, as in 60%
                """#),
        Diagnostic(
            "a weight with a space",
            edits: [
                Edit("60%  GET", to: "60 %  GET")
            ],
            says: #"""
                a.scn:10:5: error: a space between `60` and its unit `%`
                    60 %  GET  /api/items/{int 1..500}
                    ^~
                help: write 60%
                """#),
        Diagnostic(
            "a weight of zero",
            edits: [
                Edit("60%  GET", to: "0%  GET")
            ],
            says: #"""
                a.scn:10:5: error: the weight is zero: 0%
                    0%  GET  /api/items/{int 1..500}
                    ^~
                """#),
        Diagnostic(
            "a weight over 100 %",
            edits: [
                Edit("60%  GET", to: "160%  GET")
            ],
            says: #"""
                a.scn:10:5: error: the weight is 160%; the most is 100%
                    160%  GET  /api/items/{int 1..500}
                    ^~~~
                """#),
        Diagnostic(
            "a method in small letters",
            edits: [
                Edit("60%  GET", to: "60%  get")
            ],
            says: #"""
                a.scn:10:10: error: expected a method such as GET, found `get`
                    60%  get  /api/items/{int 1..500}
                         ^~~
                help: did you mean `GET`?
                """#),
        Diagnostic(
            "an unknown method",
            edits: [
                Edit("60%  GET", to: "60%  FETCH")
            ],
            says: #"""
                a.scn:10:10: error: expected a method such as GET, found `FETCH`
                    60%  FETCH  /api/items/{int 1..500}
                         ^~~~~
                help: there are: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS
                """#),
        Diagnostic(
            "a URL for a path",
            edits: [
                Edit("/api/items/{int", to: "http://shop/api/items/{int")
            ],
            says: #"""
                a.scn:10:15: error: `http://shop/api/items/{int 1..500}` is not a path
                    60%  GET  http://shop/api/items/{int 1..500}
                              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                help: a path begins with `/`; the host comes from the system, or from --on
                """#),
        Diagnostic(
            "a path without its slash",
            edits: [
                Edit("/api/items/{int", to: "api/items/{int")
            ],
            says: #"""
                a.scn:10:15: error: `api/items/{int 1..500}` is not a path
                    60%  GET  api/items/{int 1..500}
                              ^~~~~~~~~~~~~~~~~~~~~~
                help: a path begins with `/`; the host comes from the system, or from --on
                """#),
        Diagnostic(
            "a character that no path holds",
            edits: [
                Edit("/api/items  json", to: "/api/ä  json")
            ],
            says: #"""
                a.scn:11:20: error: `ä` cannot stand in a path
                    40%  POST /api/ä  json {"id": "{uuid}"}  expect 201  tracked
                                   ^
                help: percent-encode it: %C3%A4
                """#),
        Diagnostic(
            "a fragment",
            edits: [
                Edit("/api/items  json", to: "/api#top  json")
            ],
            says: #"""
                a.scn:11:19: error: a path has no `#` fragment
                    40%  POST /api#top  json {"id": "{uuid}"}  expect 201  tracked
                                  ^
                help: leave it out: a browser keeps it to itself, a server never sees it
                """#),
        Diagnostic(
            "a choice that no path holds",
            edits: [
                Edit("{int 1..500}", to: "{one of red, dark blue}")
            ],
            says: #"""
                a.scn:10:26: error: a space cannot stand in a path
                    60%  GET  /api/items/{one of red, dark blue}
                                         ^~~~~~~~~~~~~~~~~~~~~~~
                help: percent-encode it: %20
                """#),
        Diagnostic(
            "an unknown placeholder",
            edits: [
                Edit("{int 1..500}", to: "{uid}")
            ],
            says: #"""
                a.scn:10:26: error: `{uid}` is not a placeholder
                    60%  GET  /api/items/{uid}
                                         ^~~~~
                help: did you mean `{uuid}`?
                """#),
        Diagnostic(
            "a placeholder of another tool",
            edits: [
                Edit("{int 1..500}", to: "{random}")
            ],
            says: #"""
                a.scn:10:26: error: `{random}` is not a placeholder
                    60%  GET  /api/items/{random}
                                         ^~~~~~~~
                help: placeholders: {int 1..500}, {seq}, {uuid}, {one of red, green}
                """#),
        Diagnostic(
            "a range without dots",
            edits: [
                Edit("{int 1..500}", to: "{int 1-500}")
            ],
            says: #"""
                a.scn:10:26: error: `{int 1-500}` is not a placeholder
                    60%  GET  /api/items/{int 1-500}
                                         ^~~~~~~~~~~
                help: a range is whole numbers with two dots: {int 1..500}
                """#),
        Diagnostic(
            "a range in the wrong order",
            edits: [
                Edit("{int 1..500}", to: "{int 500..1}")
            ],
            says: #"""
                a.scn:10:26: error: no number lies in 500..1
                    60%  GET  /api/items/{int 500..1}
                                         ^~~~~~~~~~~~
                help: the smaller number comes first: {int 1..500}
                """#),
        Diagnostic(
            "a choice of one",
            edits: [
                Edit("{int 1..500}", to: "{one of red}")
            ],
            says: #"""
                a.scn:10:26: error: `{one of red}` leaves nothing to choose
                    60%  GET  /api/items/{one of red}
                                         ^~~~~~~~~~~~
                help: name two or more, with commas: {one of red, green}
                """#),
        Diagnostic(
            "choices without their word",
            edits: [
                Edit("{int 1..500}", to: "{one red, green}")
            ],
            says: #"""
                a.scn:10:26: error: `{one red, green}` is not a placeholder
                    60%  GET  /api/items/{one red, green}
                                         ^~~~~~~~~~~~~~~~
                help: choices stand after `one of`, with commas: {one of red, green}
                """#),
        Diagnostic(
            "a misspelt placeholder in a body",
            edits: [
                Edit(#""{uuid}""#, to: #""{uiud}""#)
            ],
            says: #"""
                a.scn:11:40: error: `{uiud}` is not a placeholder
                    40%  POST /api/items  json {"id": "{uiud}"}  expect 201  tracked
                                                       ^~~~~~
                help: did you mean `{uuid}`?
                """#),
        Diagnostic(
            "a placeholder in a body that is not closed",
            edits: [
                Edit(#"{"id": "{uuid}"}"#, to: "[{uuid ]")
            ],
            says: #"""
                a.scn:11:32: error: the `[` of the json body is not closed on its line
                    40%  POST /api/items  json [{uuid ]  expect 201  tracked
                                               ^
                help: a json body stands on one line; count its brackets
                """#),
    ]
}
