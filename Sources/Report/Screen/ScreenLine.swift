/// One line of a screen: pieces with a colour each, never longer than the screen is wide.
struct ScreenLine {
    private(set) var pieces: [(text: String, colour: Style.Colour?)] = []

    init() {}

    init(_ text: String, _ colour: Style.Colour? = nil) { add(text, colour) }

    mutating func add(_ text: String, _ colour: Style.Colour? = nil) {
        // What comes from outside must not move the cursor.
        pieces.append(
            (String(text.map { $0.isNewline || $0.asciiValue.map { $0 < 32 } == true ? " " : $0 }), colour))
    }

    /// Cut at the width, with an ellipsis where something is missing.
    func text(_ style: Style, width: Int) -> String {
        var line = ""
        var left = width
        for (place, piece) in pieces.enumerated() {
            let isLast = place == pieces.count - 1
            if piece.text.count < left || piece.text.count == left && isLast {
                line += style.paint(piece.text, piece.colour)
                left -= piece.text.count
            } else {
                if left > 0 { line += style.paint(piece.text.prefix(left - 1) + "…", piece.colour) }
                break
            }
        }
        return line
    }
}
