import Plan

/// One request as a recording has it.
struct RecordedRequest {
    struct Body {
        var contentType: String
        var text: String
    }

    /// When it came, in microseconds since 1970.
    var time: Int64
    var method: Request.Method
    /// With its query, as a request line can hold it.
    var path: String
    /// nil: it was not answered, or the recording does not say.
    var status: Int?
    var body: Body?
    var accept: String?

    /// From a request line (RFC 9112 §3), as logs have it; nil: it is none that can be sent.
    init?(line: [UInt8], time: Int64, status: Int?) {
        guard let first = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20), first < last,
            line[(last + 1)...].starts(with: "HTTP/".utf8),
            let method = Request.Method(rawValue: String(decoding: line[..<first], as: UTF8.self)),
            let path = RecordedTarget.path(line[(first + 1)..<last])
        else { return nil }
        (self.time, self.method, self.path, self.status) = (time, method, path, status)
    }

    init(time: Int64, method: Request.Method, path: String, status: Int?) {
        (self.time, self.method, self.path, self.status) = (time, method, path, status)
    }
}

/// What a recording holds that can be sent, and what had to be left out of it.
struct RecordedRequests {
    /// What a recording consists of.
    enum Unit: Hashable {
        case line
        case entry
    }

    let unit: Unit
    /// In the order of the file.
    var all: [RecordedRequest] = []
    /// How many lines or entries are no request that can be sent.
    private(set) var leftOut = 0
    /// The first of them, counted from 1.
    private(set) var firstLeftOut: Int?
    /// The first one, if the recording tells it.
    var host: String?
    /// How many went to each other host.
    var elsewhere: [String: Int] = [:]
    /// Its times are whole seconds.
    var isCoarse = false

    init(unit: Unit) { self.unit = unit }

    /// - Parameter place: the number of the line or the entry.
    mutating func leaveOut(_ place: Int) {
        leftOut += 1
        if firstLeftOut == nil { firstLeftOut = place }
    }
}
