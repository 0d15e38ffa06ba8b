/// One kind of request of the mix, or one step of the journey.
package struct Request: Hashable, Codable, Sendable {
    package static let defaultTimeout = Nanoseconds.seconds(5)
    package static let defaultDeadline = Nanoseconds.seconds(10)

    package enum Method: String, Hashable, Codable, Sendable, CaseIterable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case options = "OPTIONS"
    }

    package struct Header: Hashable, Codable, Sendable {
        package var name: String
        package var value: Template

        package init(name: String, value: Template) {
            self.name = name
            self.value = value
        }
    }

    /// What is made of an answer that leads elsewhere.
    package enum Redirects: String, Hashable, Codable, Sendable {
        /// It is the answer, as any other.
        case kept
        /// The request goes on to where it leads, as a browser's does: the last answer counts.
        case followed

        /// Whether an answer of that status leads elsewhere (RFC 9110 §15.4).
        package static func lead(on status: Int) -> Bool {
            switch status {
            case 301, 302, 303, 307, 308: true
            default: false
            }
        }
    }

    /// How the request is named in charts and tables: method and path as written in the scenario.
    package var route: String
    /// Its part of the mix; the weights of a Plan add up to 1. The steps of a journey have equal parts.
    package var weight: Double
    package var method: Method
    package var path: Template
    package var headers: [Header]
    /// `user:password`, sent in base64 as `Authorization: Basic` (RFC 7617).
    package var basic: Template?
    package var body: Body?
    package var redirects: Redirects
    /// The statuses that count as ok. Empty: any 2xx or 3xx.
    package var expectedStatuses: [Int]
    /// What it takes from its answer; of a journey.
    package var captures: [Capture]
    /// Set for a write whose survival is checked afterwards.
    package var tracking: Tracking?
    /// Wire time allowed, sent → done.
    package var timeout: Nanoseconds
    /// Time allowed from due → done; a request not sent by then is dropped.
    package var deadline: Nanoseconds

    package init(
        route: String, weight: Double, method: Method, path: Template, headers: [Header] = [],
        body: Body? = nil,
        expectedStatuses: [Int] = [], tracking: Tracking? = nil,
        timeout: Nanoseconds = Request.defaultTimeout,
        deadline: Nanoseconds = Request.defaultDeadline, captures: [Capture] = [],
        basic: Template? = nil, redirects: Redirects = .kept
    ) {
        self.route = route
        self.weight = weight
        self.method = method
        self.path = path
        self.headers = headers
        self.basic = basic
        self.body = body
        self.redirects = redirects
        self.expectedStatuses = expectedStatuses
        self.captures = captures
        self.tracking = tracking
        self.timeout = timeout
        self.deadline = deadline
    }
}

/// Where a tracked write is read back: `GET` this path, past caches. It holds exactly one `{uuid}`, the key.
package struct Tracking: Hashable, Codable, Sendable {
    package var readBack: Template

    package init(readBack: Template) { self.readBack = readBack }
}

extension KeyedDecodingContainer {
    /// Plans from before there was a choice kept them: the synthesised decoding finds this overload.
    func decode(_ type: Request.Redirects.Type, forKey key: Key) throws -> Request.Redirects {
        try decodeIfPresent(type, forKey: key) ?? .kept
    }
}
