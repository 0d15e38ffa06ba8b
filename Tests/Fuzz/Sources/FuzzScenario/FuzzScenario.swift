import Fuzzing
import Scenario

/// Any text is read to its end: a Plan or a System exactly if there is no error, and a layout that stays as it is.
///
/// A text that begins as a system is read as one, any other as a scenario; one in eight is laid out as well, and one in
/// eight is read as a recording: all four of each input would take four times as long.
@main struct FuzzScenario {
    static func main() {
        fuzz { bytes, count in
            FuzzScenario.check(UnsafeBufferPointer(start: bytes, count: count))
            return 0
        }
    }

    static func check(_ bytes: UnsafeBufferPointer<UInt8>) {
        let text = String(decoding: bytes, as: UTF8.self)
        if bytes.starts(with: "system".utf8) {
            let description = Scenario.parseSystem(text: text, file: "f.system")
            check(description.findings, description.value != nil)
        } else {
            let scenario = Scenario.parse(text: text, file: "f.scn") { _ in .success(Array(system.utf8)) }
            check(scenario.findings, scenario.value != nil)
        }
        if bytes.count % 8 == 4 {
            let again = Scenario.parse(text: replay, file: "f.scn") { _ in .success(Array(bytes)) }
            check(again.findings, again.value != nil)
        }
        guard bytes.count % 8 == 0 else { return }
        let formatted = Scenario.format(text)
        precondition(Scenario.format(formatted) == formatted, "the layout changes again")
    }

    static func check(_ findings: [Finding], _ hasValue: Bool) {
        precondition(
            findings.contains { $0.severity == .error } != hasValue,
            "a value in spite of an error, or neither")
        for finding in findings.prefix(2) { precondition(!finding.description.isEmpty) }
    }

    static let replay = """
        scenario "Again"
        load
            replay "access.log"
        expect
            error rate < 1%
        """

    /// What scenarios with a `use` are read with: the least that has what the shipped ones name. It is read for each of
    /// them, and the whole one takes as long as ten scenarios.
    static let system = """
        system "ecs-microservices"
        region ap-south-1
        zones ap-south-1a, ap-south-1b
        cluster c
        balancer b in front of nginx
        database d

        services
            nginx      tasks 2 to 4  cpu 0.25vCPU  memory 512MiB   port 80    health /h
            flask-app  tasks 2 to 4  cpu 0.5vCPU   memory 1024MiB  port 5000  health /h
            redis      tasks 1       cpu 0.25vCPU  memory 512MiB   port 6379

        promises
            "tasks stay between 2 and 4"
                from "a document"
                check tasks of nginx between 2 and 4
        """
}
