import Testing

/// Every finding about the bodies and clauses of `requests`, quoted in full.
@Suite struct RequestClauseDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    static let cases: [Diagnostic] = [
        Diagnostic(
            "json with a comma too many",
            edits: [
                Edit(#""{uuid}"}"#, to: #""{uuid}",}"#)
            ],
            says: #"""
                a.scn:11:48: error: the body is not valid json: json allows no comma before `}`
                    40%  POST /api/items  json {"id": "{uuid}",}  expect 201  tracked
                                                               ^
                help: leave the comma out
                """#),
        Diagnostic(
            "json with single quotes",
            edits: [
                Edit(#"{"id": "{uuid}"}"#, to: "{'id': 1}")
            ],
            says: #"""
                a.scn:11:33: error: the body is not valid json: a json key is a string in double quotes
                    40%  POST /api/items  json {'id': 1}  expect 201  tracked
                                                ^
                """#),
        Diagnostic(
            "json without quotes around a value",
            edits: [
                Edit(#""{uuid}"}"#, to: #""{uuid}", "colour": {one of red, "green"}}"#)
            ],
            says: #"""
                a.scn:11:59: error: the body is not valid json: `red` is not a json value
                    40%  POST /api/items  json {"id": "{uuid}", "colour": {one of red, "green"}}  \#
                expect 201  tracked
                                                                          ^
                help: strings stand in double quotes; words are true, false, null
                """#),
        Diagnostic(
            "json that is not an object or array",
            edits: [
                Edit(#"{"id": "{uuid}"}"#, to: #""{uuid}""#)
            ],
            says: #"""
                a.scn:11:32: error: expected a json object or array, found `"{uuid}"`
                    40%  POST /api/items  json "{uuid}"  expect 201  tracked
                                               ^~~~~~~~
                help: it reads: 60%  GET /api/items/{int 1..500}  expect 200  timeout 5s
                """#),
        Diagnostic(
            "json with a leading zero",
            edits: [
                Edit(#""{uuid}"}"#, to: #""{uuid}", "n": 007}"#)
            ],
            says: #"""
                a.scn:11:55: error: the body is not valid json: a json number has no leading zero
                    40%  POST /api/items  json {"id": "{uuid}", "n": 007}  expect 201  tracked
                                                                      ^
                """#),
        Diagnostic(
            "a clause misspelt",
            edits: [
                Edit("expect 201", to: "expcet 201")
            ],
            says: #"""
                a.scn:11:50: error: expected a clause of the request, found `expcet`
                    40%  POST /api/items  json {"id": "{uuid}"}  expcet 201  tracked
                                                                 ^~~~~~
                help: did you mean `expect`?
                """#),
        Diagnostic(
            "an unknown clause",
            edits: [
                Edit("expect 201", to: "retry 3")
            ],
            says: #"""
                a.scn:11:50: error: expected a clause of the request, found `retry`
                    40%  POST /api/items  json {"id": "{uuid}"}  retry 3  tracked
                                                                 ^~~~~
                help: there are: json, text, form, file, header, basic, expect, follow, tracked, timeout, deadline, take
                """#),
        Diagnostic(
            "a status that is none",
            edits: [
                Edit("expect 201", to: "expect 2xx")
            ],
            says: #"""
                a.scn:11:57: error: `2xx` is not a status from 200 to 599
                    40%  POST /api/items  json {"id": "{uuid}"}  expect 2xx  tracked
                                                                        ^~~
                help: for example: expect 200, 304
                """#),
        Diagnostic(
            "statuses without a space",
            edits: [
                Edit("expect 201", to: "expect 201,204")
            ],
            says: #"""
                a.scn:11:57: error: `201,204` is not a status from 200 to 599
                    40%  POST /api/items  json {"id": "{uuid}"}  expect 201,204  tracked
                                                                        ^~~~~~~
                help: put a space after each comma: expect 200, 304
                """#),
        Diagnostic(
            "a status that is missing",
            edits: [
                Edit("expect 201  tracked", to: "expect 201,")
            ],
            says: #"""
                a.scn:11:61: error: the statement ends where a status such as 201 is expected
                    40%  POST /api/items  json {"id": "{uuid}"}  expect 201,
                                                                            ^
                help: it reads: 60%  GET /api/items/{int 1..500}  expect 200  timeout 5s
                """#),
        Diagnostic(
            "two bodies",
            edits: [
                Edit("expect 201", to: #"text "hi""#)
            ],
            says: #"""
                a.scn:11:50: error: a second body in one request
                    40%  POST /api/items  json {"id": "{uuid}"}  text "hi"  tracked
                                                                 ^~~~
                help: leave one of them
                """#),
        Diagnostic(
            "a clause twice",
            edits: [
                Edit("expect 201", to: "expect 201 expect 204")
            ],
            says: #"""
                a.scn:11:61: error: a second `expect` in one statement
                    40%  POST /api/items  json {"id": "{uuid}"}  expect 201 expect 204  tracked
                                                                            ^~~~~~
                help: leave one of them
                """#),
        Diagnostic(
            "a body on a GET",
            edits: [
                Edit("{int 1..500}", to: #"{int 1..500}  text "hello""#)
            ],
            says: #"""
                a.scn:10:40: error: GET carries no body
                    60%  GET  /api/items/{int 1..500}  text "hello"
                                                       ^~~~
                help: use POST, PUT or PATCH, or leave the body out
                """#),
        Diagnostic(
            "a text without quotes",
            edits: [
                Edit("{int 1..500}", to: "{int 1..500}  text hello")
            ],
            says: #"""
                a.scn:10:45: error: expected the text of the body in quotes, found `hello`
                    60%  GET  /api/items/{int 1..500}  text hello
                                                            ^~~~~
                help: "hello"
                """#),
        Diagnostic(
            "a header without a colon",
            edits: [
                Edit("expect 201", to: #"header "Accept""#)
            ],
            says: #"""
                a.scn:11:57: error: `Accept` is not a header
                    40%  POST /api/items  json {"id": "{uuid}"}  header "Accept"  tracked
                                                                        ^~~~~~~~
                help: a header is a name, a colon and a value: "Accept: text/html"
                """#),
        Diagnostic(
            "a header with a space in its name",
            edits: [
                Edit("expect 201", to: #"header "My Name: x""#)
            ],
            says: #"""
                a.scn:11:57: error: `My Name: x` is not a header
                    40%  POST /api/items  json {"id": "{uuid}"}  header "My Name: x"  tracked
                                                                        ^~~~~~~~~~~~
                help: a header is a name, a colon and a value: "Accept: text/html"
                """#),
        Diagnostic(
            "a header the engine writes",
            edits: [
                Edit("expect 201", to: #"header "Host: shop""#)
            ],
            says: #"""
                a.scn:11:57: error: `Host` is written by the load engine itself
                    40%  POST /api/items  json {"id": "{uuid}"}  header "Host: shop"  tracked
                                                                        ^~~~~~~~~~~~
                help: leave it out
                """#),
        Diagnostic(
            "a header with a line end",
            edits: [
                Edit("expect 201", to: #"header "X-A: b\nX-C: d""#)
            ],
            says: #"""
                a.scn:11:57: error: the value of `X-A` holds a line end or another control character
                    40%  POST /api/items  json {"id": "{uuid}"}  header "X-A: b\nX-C: d"  tracked
                                                                        ^~~~~~~~~~~~~~~~
                help: leave it out
                """#),
        Diagnostic(
            "a timeout over the deadline",
            edits: [
                Edit("expect 201", to: "timeout 20s")
            ],
            says: #"""
                a.scn:11:50: error: the timeout of 20s is longer than the deadline of 10s
                    40%  POST /api/items  json {"id": "{uuid}"}  timeout 20s  tracked
                                                                 ^~~~~~~
                note: the timeout runs from sent, the deadline from due; unless said, they are 5s and 10s
                help: write deadline 40s, or timeout 10s
                """#),
        Diagnostic(
            "a deadline under the timeout",
            edits: [
                Edit("expect 201", to: "deadline 2s")
            ],
            says: #"""
                a.scn:11:50: error: the timeout of 5s is longer than the deadline of 2s
                    40%  POST /api/items  json {"id": "{uuid}"}  deadline 2s  tracked
                                                                 ^~~~~~~~
                note: the timeout runs from sent, the deadline from due; unless said, they are 5s and 10s
                help: write deadline 10s, or timeout 2s
                """#),
        Diagnostic(
            "a tracked GET",
            edits: [
                Edit("{int 1..500}", to: "{uuid}  tracked")
            ],
            says: #"""
                a.scn:10:34: error: GET writes nothing that could be tracked
                    60%  GET  /api/items/{uuid}  tracked
                                                 ^~~~~~~
                note: a tracked write is read back by GET after the run, to find lost ones
                help: track a POST, PUT or PATCH
                """#),
        Diagnostic(
            "a tracked write without its key",
            edits: [
                Edit(#"{"id": "{uuid}"}"#, to: #"{"id": "{seq}"}"#)
            ],
            says: #"""
                a.scn:11:61: error: the tracked request does not send its key, {uuid}
                    40%  POST /api/items  json {"id": "{seq}"}  expect 201  tracked
                                                                            ^~~~~~~
                note: a tracked write is read back by GET after the run, to find lost ones
                help: put it into the body or the path: json {"id": "{uuid}"}
                """#),
        Diagnostic(
            "a read-back that is not its key alone",
            edits: [
                Edit("tracked", to: "tracked at /api/items/{seq}")
            ],
            says: #"""
                a.scn:11:73: error: `/api/items/{seq}` cannot be read back: it needs one {uuid} and no \#
                other placeholder
                    40%  POST /api/items  json {"id": "{uuid}"}  expect 201  tracked at /api/items/{seq}
                                                                                        ^~~~~~~~~~~~~~~~
                help: for example: tracked at /api/items/{uuid}
                """#),
        Diagnostic(
            "a read-back that is no path",
            edits: [
                Edit("tracked", to: "tracked at api/items/{uuid}")
            ],
            says: #"""
                a.scn:11:73: error: `api/items/{uuid}` is not a path
                    40%  POST /api/items  json {"id": "{uuid}"}  expect 201  tracked at api/items/{uuid}
                                                                                        ^~~~~~~~~~~~~~~~
                help: a path begins with `/`; the host comes from the system, or from --on
                """#),
        Diagnostic(
            "a read-back that does not follow",
            edits: [
                Edit("POST /api/items ", to: "POST /api/items?draft=1 ")
            ],
            says: #"""
                a.scn:11:15: error: where `/api/items?draft=1` is read back does not follow from its path
                    40%  POST /api/items?draft=1  json {"id": "{uuid}"}  expect 201  tracked
                              ^~~~~~~~~~~~~~~~~~
                note: a tracked write is read back by GET after the run, to find lost ones
                help: say it: tracked at /api/items/{uuid}
                """#),
        Diagnostic(
            "a bad clause does not hide the next",
            edits: [
                Edit("expect 201", to: "timeout 5 expect 99")
            ],
            says: #"""
                a.scn:11:58: error: `5` has no unit
                    40%  POST /api/items  json {"id": "{uuid}"}  timeout 5 expect 99  tracked
                                                                         ^
                help: a duration is in us, ms, s, m or h, as in 5s
                a.scn:11:67: error: `99` is not a status from 200 to 599
                    40%  POST /api/items  json {"id": "{uuid}"}  timeout 5 expect 99  tracked
                                                                                  ^~
                help: for example: expect 200, 304
                """#),
    ]
}
