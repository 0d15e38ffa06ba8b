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

    package struct Body: Hashable, Codable, Sendable {
        /// Sent as Content-Type unless a header says otherwise.
        package var contentType: String
        package var template: Template

        package init(contentType: String, template: Template) {
            self.contentType = contentType
            self.template = template
        }
    }

    /// How the request is named in charts and tables: method and path as written in the scenario.
    package var route: String
    /// Its part of the mix; the weights of a Plan add up to 1. The steps of a journey have equal parts.
    package var weight: Double
    package var method: Method
    package var path: Template
    package var headers: [Header]
    package var body: Body?
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
        deadline: Nanoseconds = Request.defaultDeadline, captures: [Capture] = []
    ) {
        self.route = route
        self.weight = weight
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
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
