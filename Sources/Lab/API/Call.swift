import Foundation
import Loopback

/// A request with the service it is for, and the protocol its errors must be told in.
struct Call: Sendable {
    enum Service: Hashable {
        case json(JSONService, action: String)
        case form(FormService)
        /// FIS is the one service whose actions are paths.
        case rest(FIS.Route)
        case unknown(String)
    }

    let request: LoopbackRequest
    let service: Service
    private let isJSON: Bool

    init(_ request: LoopbackRequest) {
        self.request = request
        let scope = Self.scope(request.headers["authorization"] ?? "")
        let type = request.headers["content-type"] ?? ""
        isJSON = request.headers["x-amz-target"] != nil || type.contains("json") || request.path != "/"
        if let route = FIS.Route(method: request.method, path: request.path) {
            service = .rest(route)
        } else if let target = request.headers["x-amz-target"] {
            let parts = target.split(separator: ".", maxSplits: 1)
            let known = parts.count == 2 ? JSONService(rawValue: String(parts[0])) : nil
            service = known.map { .json($0, action: String(parts[1])) } ?? .unknown(target)
        } else {
            service = Self.service(scope: scope) ?? Self.service(version: request) ?? .unknown(scope ?? "")
        }
    }

    /// The signing name in `Credential=AKID/20261123/ap-south-1/ecs/aws4_request`.
    static func scope(_ authorization: String) -> String? {
        guard let start = authorization.range(of: "Credential=") else { return nil }
        let parts = authorization[start.upperBound...].prefix { $0 != "," && $0 != " " }
            .split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[4] == "aws4_request" else { return nil }
        return String(parts[3])
    }

    private static func service(scope: String?) -> Service? {
        FormService.allCases.first { $0.signingName == scope }.map { .form($0) }
    }

    private static func service(version request: LoopbackRequest) -> Service? {
        // Read again, and its errors told, by `form()`.
        guard let form = try? FormParameters(request.query, request.body) else { return nil }
        return FormService.allCases.first { $0.version == form["Version"] }.map { .form($0) }
    }

    /// What is refused whatever the service.
    func check() throws(APIError) {
        var isRest = false
        if case .rest = service { isRest = true }
        guard isRest || request.path == "/" else {
            throw APIError("UnknownOperationException", "The lab serves no \(request.path).", status: 404)
        }
        if request.method != "POST" && request.method != "GET" {
            throw APIError(
                "MethodNotAllowed", "The lab takes POST, and GET for form calls; not \(request.method).",
                status: 405)
        }
        if request.isTooLarge {
            throw APIError(
                "RequestEntityTooLarge", "The body is larger than \(LabAPI.bodyLimit) bytes.", status: 413)
        }
        guard let authorization = request.headers["authorization"] else {
            throw isJSON
                ? APIError("MissingAuthenticationTokenException", "Missing Authentication Token")
                : APIError(
                    "MissingAuthenticationToken", "Request is missing Authentication Token", status: 403)
        }
        guard authorization.hasPrefix("AWS4-HMAC-SHA256"), Self.scope(authorization) != nil else {
            let wanted =
                "Authorization header requires 'Credential' parameter (key/date/region/service/aws4_request)."
            throw APIError(isJSON ? "IncompleteSignatureException" : "IncompleteSignature", wanted)
        }
    }

    func form() throws(APIError) -> FormParameters { try FormParameters(request.query, request.body) }

    var unknownService: APIError {
        guard case .unknown(let name) = service else { return APIError("InternalFailure", "", status: 500) }
        if isJSON { return APIError("UnknownOperationException", "The lab serves no \(name).") }
        return APIError(
            "InvalidAction",
            "The lab serves \(FormService.allCases.map(\.signingName).joined(separator: ", ")), and by X-Amz-Target "
                + "\(JSONService.allCases.map(\.name).joined(separator: ", ")); not '\(name)'.")
    }

    /// The error in the protocol of the request.
    func tell(_ error: APIError, id: String) -> (Int, String, String) {
        if request.path != "/" { return (error.status, "application/json", JSONWire.error(error)) }
        return switch service {
        case .json(let service, _): (error.status, service.contentType, JSONWire.error(error))
        case .rest: (error.status, "application/json", JSONWire.error(error))
        case .form(.ec2): (error.status, EC2Wire.contentType, EC2Wire.error(error, id: id))
        case .form(let service):
            (
                error.status, QueryWire.contentType,
                QueryWire.error(error, namespace: service.namespace, id: id)
            )
        case .unknown:
            isJSON
                ? (error.status, JSONWire.contentType, JSONWire.error(error))
                : (error.status, QueryWire.contentType, QueryWire.error(error, namespace: nil, id: id))
        }
    }
}
