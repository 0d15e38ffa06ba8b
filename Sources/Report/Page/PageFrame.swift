/// A page in one file. `heading` and `main` are HTML already.
///
/// It opens from the disk and asks the network for nothing; a live one asks whoever served it for new figures.
struct PageFrame {
    /// Text; escaped here.
    var title: String
    var heading: String
    var main: String
    /// nil: a live page's `main` has them, and another has none.
    var readings: Readings?
    var isLive = false

    func text() throws -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" \
        content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
        connect-src '\(isLive ? "self" : "none")'">
        <title>\(HTML.escaped(title))</title>
        <style>
        \(PageStyle.text)
        </style>
        </head>
        <body>
        <header>
        \(heading)
        </header>
        <main>
        \(main)
        </main>
        \(try readings.map(Self.script) ?? "")
        \(script)
        </body>
        </html>

        """
    }

    /// Drawings without readings have no cursor to move.
    private var script: String {
        guard readings != nil || isLive else { return "" }
        return "<script>\n\(PageScript.text + (isLive ? "\n" + PageScript.live : ""))\n</script>"
    }

    /// What the page's script reads.
    static func script(_ readings: Readings) throws -> String {
        "<script type=\"application/json\" id=\"readings\">\(try readings.json())</script>"
    }

    /// A chart, its legend and the readout of the moment under the cursor.
    static func figure(_ drawing: Drawing) -> String {
        figure(drawing.chart.title, drawing.legend, drawing.svg, readout: "<output></output>")
    }

    /// A drawing under its title, which is text, and its legend. `readout` and `remark` are HTML.
    static func figure(
        _ title: String, _ legend: [(name: String, style: String)], _ svg: String, readout: String = "",
        remark: String = ""
    ) -> String {
        """
        <figure>
        <figcaption><h3>\(HTML.escaped(title))</h3>\(Canvas.legend(legend))\(readout)</figcaption>
        \(svg)
        \(remark)</figure>
        """
    }

    /// The drawings under one heading. `explanation` is text.
    static func overTime(_ explanation: String, _ figures: [String]) -> String {
        """
        <section aria-labelledby="over-time">
        <h2 id="over-time">Over the scenario's time</h2>
        <p class="dim">\(HTML.escaped(explanation))</p>
        \(figures.joined(separator: "\n"))
        </section>
        """
    }

    /// What the shades are, and how to read a moment.
    static func explanation(speed: Double) -> String {
        let clock =
            speed == 1
            ? "" : " The scenario's clock runs \(Canvas.number(speed)) times as fast as the wall's."
        return "Shaded: a fault was in place; lighter, in blue: it was reverted, and the system healed. "
            + "Point at a drawing, or choose one and use the arrow keys, to read the values of a moment.\(clock)"
    }
}
