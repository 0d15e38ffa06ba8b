package import HTTP

/// A call to AWS that did not do what was asked.
package struct AWSError: Error, Hashable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The API said no.
        case refused(code: String, message: String, status: Int)
        /// A 5xx that is neither JSON nor XML: a mock without this action, or something in between.
        case notSupported(status: Int)
        /// No whole answer came.
        case unreachable(ClientError)
        /// An answer that is not what the API promises, or is cut off.
        case badAnswer(String)
        case configuration(AWSConfigurationError)
    }

    package var service: String
    package var action: String
    package var kind: Kind
    /// AWS's own id of the call, for its support.
    package var requestID: String?

    package init(service: String, action: String, kind: Kind, requestID: String? = nil) {
        self.service = service
        self.action = action
        self.kind = kind
        self.requestID = requestID
    }

    /// AWS's code, `ClusterNotFoundException`; nil if it was not AWS that refused.
    package var code: String? {
        if case .refused(let code, _, _) = kind { code } else { nil }
    }

    /// Asked too often: wait longer between calls.
    package var isThrottling: Bool {
        guard case .refused(let code, _, let status) = kind else { return false }
        return status == 429 || Self.throttlingCodes.contains(code)
    }

    /// The same call may succeed a moment later: throttled, or a 5xx.
    package var isWorthRepeating: Bool {
        switch kind {
        case .refused(_, _, let status): isThrottling || status >= 500
        case .notSupported: true
        case .unreachable, .badAnswer, .configuration: false
        }
    }

    /// The keys are good, and their policy does not allow it.
    package var isDenied: Bool { code.map(Self.deniedCodes.contains) ?? false }

    /// No answer came at all.
    package var isUnreachable: Bool { if case .unreachable = kind { true } else { false } }

    /// Nobody listens there. Of an endpoint on loopback this means that the lab is gone.
    package var isConnectionRefused: Bool {
        if case .unreachable(let error) = kind { error.kind == .refused } else { false }
    }

    private static let throttlingCodes: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
        "RequestThrottledException",
        "RequestLimitExceeded", "TooManyRequestsException", "PriorRequestNotComplete",
        "EC2ThrottledException",
    ]

    private static let deniedCodes: Set<String> = [
        "AccessDenied", "AccessDeniedException", "UnauthorizedOperation",
    ]

    package var description: String {
        let id = requestID.map { " (request \($0))" } ?? ""
        return "\(service) \(action): \(words)\(id)"
    }

    private var words: String {
        switch kind {
        case .refused(let code, let message, _):
            "\(code): \(message)\((isDenied ? denial : Self.advice[code]).map { "; \($0)" } ?? "")"
        case .notSupported(let status):
            "not supported by this endpoint: it answered \(status) with neither JSON nor XML"
        case .unreachable(let error): "no answer: \(error)"
        case .badAnswer(let why): "the answer cannot be read: \(why)"
        case .configuration(let error): "\(error)"
        }
    }

    /// Policies call CloudWatch otherwise than its address does.
    private var denial: String? {
        let prefix = service == AWSService.cloudWatch.rawValue ? "cloudwatch" : service
        return "allow \(prefix):\(action); docs/aws.md has the policy"
    }

    /// What to do about the codes that everyone meets.
    private static let advice: [String: String] = {
        let clock = "is this machine's clock right? AWS allows five minutes"
        let renew = "get new credentials and run again"
        return [
            "RequestTimeTooSkewed": clock, "SignatureDoesNotMatch": "wrong secret key, or a wrong clock",
            "InvalidSignatureException": "wrong secret key, or a wrong clock",
            "ExpiredToken": renew, "ExpiredTokenException": renew, "RequestExpired": renew,
        ]
    }()
}
