import Foundation
import Plan

/// HAR 1.2: what a browser or a proxy has recorded. Only requests to the host of the first one are read.
enum HARFile {
    /// - Throws: if the text is no HAR, or there are more than `limit`.
    static func read(_ bytes: [UInt8], limit: Int) throws(ReplayProblem) -> RecordedRequests {
        let entries: [Entry]
        do {
            entries = try JSONDecoder().decode(Document.self, from: Data(bytes)).log.entries
        } catch {
            throw .notHAR(reason(error))
        }
        guard entries.count <= limit else { throw .tooMany(limit: limit) }
        var found = RecordedRequests(unit: .entry)
        for (number, entry) in entries.enumerated() {
            guard let (host, request) = entry.recorded else {
                found.leaveOut(number + 1)
                continue
            }
            found.host = found.host ?? host
            if host == found.host {
                found.all.append(request)
            } else {
                found.elsewhere[host, default: 0] += 1
            }
        }
        return found
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, let context): "it has no `\(path(context.codingPath + [key]))`"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            context.codingPath.isEmpty
                ? "it is no object" : "its `\(path(context.codingPath))` is of another kind"
        default: "it cannot be read as JSON"
        }
    }

    /// `log.entries[3].request`
    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce("") { path, key in
            if let index = key.intValue { return path + "[\(index)]" }
            return path + (path.isEmpty ? "" : ".") + key.stringValue
        }
    }
}

private struct Document: Decodable {
    struct Log: Decodable { var entries: [Entry] }
    var log: Log
}

private struct Entry: Decodable {
    struct Pair: Decodable {
        var name: String
        var value: String?
    }

    struct Posted: Decodable {
        var mimeType: String?
        var text: String?
        var params: [Pair]?
    }

    struct Asked: Decodable {
        var method: String
        var url: String
        var headers: [Pair]?
        var postData: Posted?

        func header(_ name: String) -> String? {
            headers?.first { $0.name.lowercased() == name }?.value
        }
    }

    struct Answer: Decodable { var status: Int? }

    /// Something, whatever it is.
    struct Mark: Decodable { init(from decoder: any Decoder) {} }

    private enum CodingKeys: String, CodingKey {
        case startedDateTime, request, response
        case fromCache = "_fromCache"
    }

    var startedDateTime: String
    var request: Asked
    var response: Answer?
    /// Of Chrome: it was answered without being sent.
    var fromCache: Mark?

    /// nil: it cannot be sent, or never was.
    var recorded: (host: String, request: RecordedRequest)? {
        guard fromCache == nil, let time = RecordedTime.iso(Array(startedDateTime.utf8)[...]),
            let method = Request.Method(rawValue: request.method.uppercased()),
            let (host, path) = RecordedTarget.split(Array(request.url.utf8)[...])
        else { return nil }
        var recorded = RecordedRequest(
            time: time, method: method, path: path, status: response?.status.flatMap { $0 > 0 ? $0 : nil })
        if let posted = request.postData {
            guard let body = body(posted) else { return nil }
            if !body.text.isEmpty { recorded.body = body }
        }
        recorded.accept = Self.line(request.header("accept"))
        return (host, recorded)
    }

    /// nil: its text is not told.
    private func body(_ posted: Posted) -> RecordedRequest.Body? {
        let type = Self.line(request.header("content-type")) ?? Self.line(posted.mimeType)
        let body = RecordedRequest.Body(contentType: type ?? "application/octet-stream", text: "")
        if let text = posted.text, !text.isEmpty || posted.params?.isEmpty ?? true {
            return RecordedRequest.Body(contentType: body.contentType, text: text)
        }
        guard let fields = posted.params, !fields.isEmpty else { return body }
        guard body.contentType.hasPrefix("application/x-www-form-urlencoded") else { return nil }
        let encode: (String) -> String = DataTable.Encoding.percent.encode
        let text = fields.map { "\(encode($0.name))=\(encode($0.value ?? ""))" }.joined(separator: "&")
        return RecordedRequest.Body(contentType: body.contentType, text: text)
    }

    /// A header's value, if it is one of the usual kind.
    private static func line(_ value: String?) -> String? {
        guard let value, (1...256).contains(value.utf8.count),
            value.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        return value
    }
}
