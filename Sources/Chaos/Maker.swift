/// Whose a resource is that a fault has made, by tags that are set in the very call that makes it: so it is found even
/// if its id was never journaled; and an id alone could be another's, in another lab.
///
/// Tag values may hold letters, digits, spaces and `_.:/=+-@`: a fault's name does.
struct Maker: Hashable, Sendable {
    static let runTag = "loadchaos:run"
    static let faultTag = "loadchaos:fault"

    var run: String
    var fault: String

    var tags: [String: String] { [Self.runTag: run, Self.faultTag: fault] }

    func made(_ tags: [String: String]) -> Bool { tags[Self.runTag] == run && tags[Self.faultTag] == fault }
}
