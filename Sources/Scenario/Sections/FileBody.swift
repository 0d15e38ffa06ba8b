import Plan

/// `file "photo.jpg"`: the bytes of a file as the body.
enum FileBody {
    /// The word `file` has been read.
    static func read(
        _ cursor: inout Cursor, _ files: Scenario.FileSource
    ) throws(Complaint) -> Request.Body {
        let name = try cursor.string("the name of a file")
        guard !name.value.isEmpty else {
            throw Complaint(NameProblem.notWord("the name of a file", name.text), at: name.span)
        }
        switch files(name.value).small {
        case .success(let bytes): return body(of: bytes, called: name.value)
        case .failure(let problem):
            throw Complaint(UseProblem(path: name.value, problem: problem), at: name.span)
        }
    }

    static func body(of bytes: [UInt8], called path: String) -> Request.Body {
        Request.Body(contentType: contentType(of: path), bytes: bytes)
    }

    /// By the ending of its name: what load is usually made of, as IANA registers it.
    private static func contentType(of path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        switch name.split(separator: ".").dropFirst().last?.lowercased() {
        case "json": return "application/json"
        case "xml": return "application/xml"
        case "txt": return "text/plain; charset=utf-8"
        case "html": return "text/html; charset=utf-8"
        case "csv": return "text/csv; charset=utf-8"
        case "jpg", "jpeg": return "image/jpeg"
        case "png": return "image/png"
        case "gif": return "image/gif"
        case "webp": return "image/webp"
        case "pdf": return "application/pdf"
        case "zip": return "application/zip"
        case "gz": return "application/gzip"
        default: return "application/octet-stream"
        }
    }
}
