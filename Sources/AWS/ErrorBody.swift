import Foundation
import HTTP

/// Reads the three forms in which AWS says no. The form depends on the service, and with moto not even on that.
enum ErrorBody {
    /// `{"__type":"com.amazonaws.ecs#ClusterNotFoundException","message":"…"}`
    private struct JSONForm: Decodable {
        var __type: String?
        var code: String?
        var message: String?
        var Message: String?
    }

    /// `redacted` takes the caller's own secrets out of what it is told.
    static func kind(of answer: ClientResponse, redacted: (String) -> String) -> AWSError.Kind {
        if let (code, message) = json(answer) ?? xml(answer) {
            return .refused(code: code, message: redacted(message), status: answer.status)
        }
        if answer.status >= 500 { return .notSupported(status: answer.status) }
        let start = String(redacted(answer.text).prefix(120))
        return .badAnswer(
            "status \(answer.status) with neither a JSON nor an XML error: \(start.debugDescription)")
    }

    /// XML answers carry their request's id inside: `RequestId`, or `RequestID` in the EC2 flavour.
    static func requestID(in answer: ClientResponse) -> String? {
        guard let root = parsed(answer) else { return nil }
        return (root.first("RequestId") ?? root.first("RequestID"))?.text
    }

    private static func json(_ answer: ClientResponse) -> (code: String, message: String)? {
        let form: JSONForm
        do {
            form = try JSONDecoder().decode(JSONForm.self, from: Data(answer.body))
        } catch {
            // Not JSON: it may be XML, which is tried next; if it is neither, the caller says so.
            return nil
        }
        let header = answer.header("x-amzn-ErrorType")?.split(separator: ":").first.map(String.init)
        guard let type = form.__type ?? form.code ?? header else { return nil }
        let code = type.split(separator: "#").last.map(String.init) ?? type
        return (code, form.message ?? form.Message ?? "no message")
    }

    private static func xml(_ answer: ClientResponse) -> (code: String, message: String)? {
        guard let error = parsed(answer)?.first("Error"), let code = error.text("Code") else { return nil }
        return (code, error.text("Message") ?? "no message")
    }

    private static func parsed(_ answer: ClientResponse) -> XMLElement? {
        do {
            return try StrictXML.parse(answer.body)
        } catch {
            // Not XML either: the caller reports the answer's status and its first characters.
            return nil
        }
    }
}
