import Foundation

/// One thing the doctor has looked at.
struct DoctorFinding: Hashable {
    enum State: String {
        case ok
        case missing
        case unknown
    }

    var state: State
    var name: String
    /// What was found; where it is not well, what to do.
    var words: String

    static func ok(_ name: String, _ words: String) -> Self { Self(state: .ok, name: name, words: words) }
    static func missing(_ name: String, _ words: String) -> Self {
        Self(state: .missing, name: name, words: words)
    }
    static func unknown(_ name: String, _ words: String) -> Self {
        Self(state: .unknown, name: name, words: words)
    }

    /// What comes after a first line stands below it.
    var line: String {
        let state = state.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        let name = name.count < 24 ? name.padding(toLength: 24, withPad: " ", startingAt: 0) : "\(name)  "
        return "\(state) \(name)\(words)".replacing("\n", with: "\n         ")
    }
}
