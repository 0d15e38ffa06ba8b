import Glibc

/// The framing of one HTTP/1.1 answer (RFC 9112): a pure state machine, bytes in, progress out.
///
/// It may be fed in pieces cut anywhere. It keeps no bytes and never allocates: the body is counted, and its
/// first bytes are copied only if `capture` gives room for them. Feed it one answer, then `reset` it for the
/// next.
///
///     status line → header lines → 1xx? again : body → done
///     body: none | Content-Length | chunks and trailers | up to the close
package struct ResponseParser {
    /// Bytes of status lines, headers and trailers of one answer, interim answers included.
    package static let headLimit = 65_536

    package enum Progress: Hashable, Sendable {
        /// Everything was taken; there is more to come.
        case incomplete
        /// The answer ended within these bytes, after `consumed` of them.
        case complete(consumed: Int)
        case failed(BadResponse)
    }

    enum State: UInt8 {
        case statusLine, statusCode, reason
        case lineStart, name, value, ignoredValue, headEnd
        case body, bodyUntilClose
        case chunkSize, chunkExtension, chunkSizeEnd, chunkData, chunkDataEnd, chunkDataEndLine
        case trailerStart, trailer, trailerEnd
        case done, failed
    }

    enum Header: UInt8 { case none, ignored, contentLength, transferEncoding, connection, serverTiming }

    /// Bytes that may come as the body before it is refused.
    package let bodyLimit: UInt64

    // What was read. Valid once the head is complete.
    /// 0 until a final status was read.
    package internal(set) var status = 0
    /// As announced; nil without a Content-Length.
    package internal(set) var contentLength: UInt64?
    /// Payload bytes read so far, chunk framing not counted.
    package internal(set) var bodyCount: UInt64 = 0
    /// The application answers with Server-Timing; an error made by a balancer has none.
    package internal(set) var hasServerTiming = false
    package internal(set) var isChunked = false
    /// At least one byte of the answer has arrived.
    package internal(set) var hasStarted = false

    /// Where to copy the first bytes of the body; none by default.
    package var capture = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// Where to copy the head of the final answer, as far as it fits; none by default. See `ResponseHead`.
    package var headRoom = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    package internal(set) var keptCount = 0
    /// The durations to be read from Server-Timing; none by default. In trailers they are not looked for.
    package var timing: UnsafeMutablePointer<ServerTimingReader>?
    package var capturedCount: Int { Int(min(bodyCount, UInt64(capture.count))) }

    var state = State.statusLine
    var header = Header.none
    var word = ShortWord()
    /// Position within "HTTP/1.", digits of the status, or of a chunk size.
    var position = 0
    var minorVersion: UInt8 = 1
    var headCount = 0
    /// Bytes left of the body or the chunk.
    var rest: UInt64 = 0
    var number: UInt64 = 0
    var hasDigits = false
    var numberEnded = false
    var isHead: Bool
    var saysClose = false
    var saysKeepAlive = false
    var hasTransferEncoding = false
    var lastCodingIsChunked = false
    var endsWithConnection = false

    /// - Parameters:
    ///   - isHead: it answers a HEAD request, so it has no body whatever its headers say.
    ///   - bodyLimit: 64 MiB unless told otherwise.
    package init(isHead: Bool = false, bodyLimit: UInt64 = 64 << 20) {
        self.isHead = isHead
        self.bodyLimit = bodyLimit
    }

    /// Ready for the next answer.
    package mutating func reset(isHead: Bool) {
        let (room, timing, headRoom) = (capture, timing, headRoom)
        self = ResponseParser(isHead: isHead, bodyLimit: bodyLimit)
        capture = room
        self.headRoom = headRoom
        self.timing = timing
        timing?.pointee.reset()
    }

    /// The connection may carry another request after this answer.
    package var keepsConnection: Bool {
        guard state == .done, !endsWithConnection, !saysClose else { return false }
        // RFC 9112 §6.1: an HTTP/1.0 peer with Transfer-Encoding has faulty framing.
        return minorVersion >= 1 || (saysKeepAlive && !hasTransferEncoding)
    }

    /// The peer closed the connection: an end for an answer that is framed by it, else an error.
    package mutating func end() -> Progress {
        if state == .bodyUntilClose || state == .done {
            state = .done
            endsWithConnection = true
            return .complete(consumed: 0)
        }
        return fail(.cutOff)
    }

    /// Takes the next bytes of the answer.
    package mutating func feed(_ bytes: UnsafeRawBufferPointer) -> Progress {
        guard let start = bytes.baseAddress, bytes.count > 0 else {
            return state == .done ? .complete(consumed: 0) : .incomplete
        }
        hasStarted = true
        var at = start
        let end = start + bytes.count
        let keepsHead = headRoom.baseAddress != nil
        while at < end {
            let stepStart = at
            let isOfHead = keepsHead && state.rawValue <= State.headEnd.rawValue
            if let bad = step(&at, end) { return fail(bad) }
            if isOfHead { keep(stepStart, at) }
            if state == .done { return .complete(consumed: at - start) }
        }
        return .incomplete
    }

    /// Bytes of the head, where there is room for one.
    private mutating func keep(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) {
        // The head of an interim answer has just ended: its last byte is not one of the final head.
        if state == .statusLine, position == 0 { return }
        let count = min(end - start, headRoom.count - keptCount)
        guard count > 0, let room = headRoom.baseAddress else { return }
        memcpy(room + keptCount, start, count)
        keptCount += count
    }

    private mutating func fail(_ bad: BadResponse) -> Progress {
        state = .failed
        return .failed(bad)
    }

    /// Takes at least one byte, or changes the state. Runs of bytes that need no look are taken at once.
    @inline(__always)
    private mutating func step(_ at: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> BadResponse? {
        switch state {
        case .statusLine, .statusCode, .reason, .lineStart, .name, .value, .ignoredValue, .headEnd:
            return stepHead(&at, end)
        case .body, .bodyUntilClose:
            return takeBody(&at, end)
        case .chunkSize, .chunkExtension, .chunkSizeEnd, .chunkData, .chunkDataEnd, .chunkDataEndLine,
            .trailerStart, .trailer, .trailerEnd:
            return stepChunk(&at, end)
        case .done: return nil
        case .failed: return .cutOff
        }
    }

    /// The body, or the rest of it, as far as it has come.
    mutating func takeBody(_ at: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> BadResponse? {
        let here = UInt64(end - at)
        let count = state == .bodyUntilClose ? here : min(here, rest)
        if bodyCount < UInt64(capture.count), let room = capture.baseAddress {
            let copied = min(UInt64(capture.count) - bodyCount, count)
            memcpy(room + Int(bodyCount), at, Int(copied))
        }
        bodyCount += count
        at += Int(count)
        if bodyCount > bodyLimit { return .bodyTooLarge }
        guard state != .bodyUntilClose else { return nil }
        rest -= count
        if rest == 0 { state = state == .chunkData ? .chunkDataEnd : .done }
        return nil
    }
}
