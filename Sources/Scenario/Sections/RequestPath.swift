import Plan

extension RequestReader {
    /// A path and its placeholders; whatever a URL cannot hold is reported.
    static func path(
        _ token: Token, _ known: PlaceholderNames, _ diagnostics: inout Diagnostics
    ) -> Template {
        guard token.kind == .word, token.text.hasPrefix("/") else {
            diagnostics.add(RequestProblem.notAPath(token.text), at: token.span)
            return Template(literal: "/")
        }
        let reader = TemplateReader(
            token.content, line: token.span.line, braces: .placeholdersOnly, known: known)
        for complaint in reader.complaints { diagnostics.add(complaint) }
        for piece in reader.pieces {
            switch piece.part {
            case .literal:
                guard let bad = piece.source.first(where: { !isPathScalar($0.scalar) }) else { continue }
                diagnostics.add(
                    RequestProblem.pathScalar(bad.scalar), at: Span(line: token.span.line, column: bad.column)
                )
            case .oneOf(let choices):
                guard let bad = choices.joined().unicodeScalars.first(where: { !isPathScalar($0) }),
                    let first = piece.source.first
                else { continue }
                diagnostics.add(
                    RequestProblem.pathScalar(bad),
                    at: Span(line: token.span.line, column: first.column, length: piece.source.count))
            default: continue
            }
        }
        return reader.template.encoded(.percent)
    }

    /// Where a write is read back if the scenario does not say: at its own path if that holds the key, else
    /// at path + `/{uuid}`.
    static func tracking(beside path: Token, _ known: PlaceholderNames) throws(Complaint) -> Tracking {
        func reader(_ content: [Placed]) -> TemplateReader {
            TemplateReader(content, line: path.span.line, braces: .placeholdersOnly, known: known)
        }
        var template = reader(path.content).template.encoded(.percent)
        let keys = template.parts.filter { $0 == .uuid }.count
        if keys == 0 {
            let suffix = "/{uuid}".unicodeScalars.map { Placed(scalar: $0, column: path.span.column) }
            let trimmed = path.content.last?.scalar == "/" ? path.content.dropLast() : path.content[...]
            template = reader(Array(trimmed) + suffix).template.encoded(.percent)
        }
        guard keys <= 1, isKeyed(template), !path.text.contains("?") else {
            throw Complaint(RequestProblem.readBackUnclear(path.text), at: path.span)
        }
        return Tracking(readBack: template)
    }

    /// Whether the key alone decides the path: another placeholder would be drawn anew when reading back.
    static func isKeyed(_ template: Template) -> Bool {
        template.parts.allSatisfy { part in
            switch part {
            // A request takes the same row each time.
            case .literal, .uuid, .field: true
            case .int, .seq, .oneOf, .taken: false
            }
        }
    }

    /// Whether `{uuid}` stands anywhere in what is sent.
    static func carriesKey(_ request: Request) -> Bool {
        let templates =
            [request.path] + request.headers.map(\.value) + (request.body?.template.map { [$0] } ?? [])
        return templates.contains { $0.parts.contains(.uuid) }
    }

    /// What RFC 3986 lets stand in a path or a query.
    private static func isPathScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isDigit || scalar.isLetter || "-._~:/?[]@!$&'()*+,;=%".unicodeScalars.contains(scalar)
    }

    /// `tchar` of RFC 9110.
    static func isHeaderNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isDigit || scalar.isLetter || "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar)
    }
}
