import Testing

@testable import Lab

@Suite struct MachineErrorTests {
    static let table: [(LabError, String)] = [
        (
            .missingPart("haproxy", lookedIn: ["/usr/sbin", "/usr/bin"]),
            "the lab needs haproxy, looked for in /usr/sbin, /usr/bin\n  next step: run scripts/install-parts"
        ),
        (
            .portTaken(address: "127.0.1.10", port: 8080),
            "127.0.1.10:8080 is in use by another program\n"
                + "  next step: choose another with --port, or leave --port out and the lab takes the next free one"
        ),
        (
            .alreadyUp(pid: 42),
            "a lab of this user is up already (process 42)\n"
                + "  next step: use it, or take it down with: loadchaos lab down"
        ),
        (.notUp, "no lab is up\n  next step: loadchaos lab up --detach"),
        (
            .bootFailed(step: "make the subnets: ip exited with 1", log: "RTNETLINK answers: File exists"),
            "the lab did not come up: make the subnets: ip exited with 1\n  | RTNETLINK answers: File exists"
        ),
        (
            .bootFailed(step: "initdb exited with 1", log: "could not write: No space left on device"),
            "the lab did not come up: initdb exited with 1\n  | could not write: No space left on device\n"
                + "  next step: free some space under the state directory"
        ),
        (
            .file(operation: "write", path: "/tmp/x", error: 28),
            "cannot write /tmp/x: No space left on device\n  next step: free some space there"
        ),
        (.didNotStart(""), "the lab ended before it was up and said nothing"),
    ]

    @Test(arguments: table) func `an error says what, where, and the next step`(error: LabError, text: String)
    {
        #expect(error.description == text)
    }
}
