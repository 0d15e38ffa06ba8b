import Foundation
import HTTP

/// Carries calls to AWS: but for FIS every one is `POST /` with a JSON or a form body, signed, and answered by JSON or
/// XML.
///
/// A throttled call and a 5xx are tried again, three times in all; nothing else is.
struct Wire: Sendable {
    static let triesMax = 3

    let configuration: AWSConfiguration
    let client: Client
    let offset: ClockOffset
    let backoff: Backoff

    init(_ configuration: AWSConfiguration) {
        self.configuration = configuration
        client = Client(lanes: 8)
        offset = ClockOffset()
        backoff = Backoff(seed: configuration.seed)
    }

    /// JSON 1.1, or 1.0 as CloudWatch has it: the action is named by a header.
    func json<Answer: Decodable>(
        _ service: AWSService, target: String, version: String = "1.1", _ action: String,
        _ input: some Encodable & Sendable
    ) async throws(AWSError) -> Answer {
        func failure(_ why: String) -> AWSError {
            AWSError(service: service.rawValue, action: action, kind: .badAnswer(why))
        }
        let body: [UInt8]
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            body = Array(try encoder.encode(input))
        } catch {
            throw failure("the question cannot be encoded: \(error)")
        }
        let headers = [
            ClientHeader("Content-Type", "application/x-amz-json-\(version)"),
            ClientHeader("X-Amz-Target", "\(target).\(action)"),
        ]
        let answer = try await send(service, action, headers: headers, body: body)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(answer.body))
        } catch {
            throw failure("\(error)")
        }
    }

    /// The Query and EC2 flavours: the action is a field of the form. Returns the answer's root element.
    func form(_ service: AWSService, _ action: String, _ form: Form) async throws(AWSError) -> XMLElement {
        let type = ClientHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        let answer = try await send(service, action, headers: [type], body: form.body)
        do {
            return try StrictXML.parse(answer.body)
        } catch {
            throw AWSError(service: service.rawValue, action: action, kind: .badAnswer(error.description))
        }
    }

    /// REST with JSON: the action is a method and a path; `path` needs no escaping. A GET has no input.
    func rest<Answer: Decodable>(
        _ service: AWSService, _ action: String, _ method: String, _ path: String,
        _ input: (any Encodable & Sendable)? = nil
    ) async throws(AWSError) -> Answer {
        func failure(_ why: String) -> AWSError {
            AWSError(service: service.rawValue, action: action, kind: .badAnswer(why))
        }
        var body: [UInt8]?
        do {
            if let input { body = Array(try JSONEncoder().encode(input)) }
        } catch {
            throw failure("the question cannot be encoded: \(error)")
        }
        let headers = body == nil ? [] : [ClientHeader("Content-Type", "application/json")]
        let answer = try await send(service, action, headers: headers, body: body, method: method, path: path)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(answer.body))
        } catch {
            throw failure("\(error)")
        }
    }

    private func send(
        _ service: AWSService, _ action: String, headers: [ClientHeader], body: [UInt8]?,
        method: String = "POST",
        path: String = "/"
    ) async throws(AWSError) -> ClientResponse {
        var attempt = 1
        while true {
            let failure: AWSError
            do {
                return try await sendOnce(
                    service, action, headers: headers, body: body, method: method, path: path)
            } catch {
                failure = error
            }
            guard failure.isWorthRepeating, attempt < Self.triesMax else { throw failure }
            do {
                try await configuration.pause(
                    backoff.delay(attempt: attempt, isThrottled: failure.isThrottling))
            } catch {
                // Cancelled while waiting: what the last try said is the better answer.
                throw failure
            }
            attempt += 1
        }
    }

    private func sendOnce(
        _ service: AWSService, _ action: String, headers: [ClientHeader], body: [UInt8]?, method: String,
        path: String
    ) async throws(AWSError) -> ClientResponse {
        func failure(_ kind: AWSError.Kind) -> AWSError {
            AWSError(service: service.rawValue, action: action, kind: kind)
        }
        let keys: Credentials
        do {
            keys = try await configuration.credentials.credentials()
        } catch {
            throw failure(.configuration(error))
        }
        let url = configuration.endpoints.url(of: service, region: configuration.region)
        let request = ClientRequest(
            method: method, url: url + path, headers: headers, body: body, timeout: configuration.timeout,
            signing: ClientSigning(
                region: configuration.region, service: service.signingName, accessKey: keys.accessKey,
                secretKey: keys.secretKey, sessionToken: keys.sessionToken))
        let sent = configuration.wallClock()
        let answer: ClientResponse
        do {
            answer = try await client.send(request)
        } catch {
            throw failure(.unreachable(error))
        }
        if let date = answer.header("Date").flatMap({ HTTPDate.seconds($0) }) {
            offset.note(date: Double(date), sent: sent, received: configuration.wallClock())
        }
        guard (200..<300).contains(answer.status) else {
            let id = answer.header("x-amzn-RequestId") ?? answer.header("x-amz-request-id")
            var error = failure(ErrorBody.kind(of: answer, redacted: keys.redacted))
            error.requestID = id ?? ErrorBody.requestID(in: answer)
            throw error
        }
        return answer
    }
}
