/// Why bytes from a server are not an HTTP/1.1 answer that can be read to its end.
package enum BadResponse: Error, Hashable, Sendable, CaseIterable {
    case statusLine
    case status
    /// A 101: nobody asked for another protocol.
    case upgrade
    case headerName
    /// A NUL, or a carriage return without its line feed.
    case headerValue
    /// All heads of one answer, and all its trailers, together over `ResponseParser.headLimit`.
    case headTooLarge
    case contentLength
    case chunkSize
    case chunkEnd
    /// Announced or read more than the body limit.
    case bodyTooLarge
    /// The connection ended in mid-answer.
    case cutOff
}

extension BadResponse: CustomStringConvertible {
    package var description: String {
        switch self {
        case .statusLine: "the answer does not start with an HTTP/1.x status line"
        case .status: "the status is not a number from 100 to 999"
        case .upgrade: "101 Switching Protocols, which was not asked for"
        case .headerName: "a header line without a valid name and colon"
        case .headerValue: "a NUL or a lone carriage return in a header"
        case .headTooLarge: "a head over \(ResponseParser.headLimit) bytes"
        case .contentLength: "a Content-Length that is not one number"
        case .chunkSize: "a chunk without a valid size"
        case .chunkEnd: "a chunk longer than its size"
        case .bodyTooLarge: "a body over the limit"
        case .cutOff: "the connection ended in mid-answer"
        }
    }
}
