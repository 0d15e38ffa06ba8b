import Glibc

/// The status line and the headers.
extension ResponseParser {
    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    mutating func stepHead(_ at: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> BadResponse? {
        let lineStart = at
        var bad: BadResponse?
        switch state {
        case .statusLine, .statusCode: bad = stepStatus(&at)
        case .reason, .ignoredValue: bad = skipLine(&at, end)
        case .lineStart: bad = startLine(&at)
        case .name: bad = takeName(&at, end)
        case .value: bad = takeValue(&at, end)
        default:
            // .headEnd: the line feed after the carriage return of the empty line.
            guard at.load(as: UInt8.self) == Self.lineFeed else { return .headerName }
            at += 1
            bad = endHead()
        }
        headCount += at - lineStart
        return bad ?? (headCount > Self.headLimit ? .headTooLarge : nil)
    }

    /// `HTTP/1.x 200`: byte by byte, for it is short and may be cut anywhere.
    private mutating func stepStatus(_ at: inout UnsafeRawPointer) -> BadResponse? {
        let byte = at.load(as: UInt8.self)
        if state == .statusCode { return stepStatusCode(byte, &at) }
        at += 1
        let expected: StaticString = "HTTP/1."
        switch position {
        case 0..<7:
            guard byte == expected.utf8Start[position] else { return .statusLine }
        case 7:
            guard byte == 0x30 || byte == 0x31 else { return .statusLine }
            minorVersion = byte - 0x30
        default:
            guard byte == 0x20 else { return .statusLine }
            state = .statusCode
            position = -1
            number = 0
        }
        position += 1
        return nil
    }

    private mutating func stepStatusCode(_ byte: UInt8, _ at: inout UnsafeRawPointer) -> BadResponse? {
        if position < 3 {
            guard byte &- 0x30 < 10 else { return .status }
            at += 1
            number = number * 10 + UInt64(byte - 0x30)
            position += 1
            return nil
        }
        guard number >= 100 else { return .status }
        guard byte == 0x20 || byte == Self.carriageReturn || byte == Self.lineFeed else { return .status }
        status = Int(number)
        state = .reason
        return nil
    }

    /// Up to and with the line feed, in one go where it is there. A NUL is refused, as libcurl does.
    private mutating func skipLine(_ at: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> BadResponse? {
        let feed = memchr(at, Int32(Self.lineFeed), end - at).map { UnsafeRawPointer($0) }
        let stop = feed ?? end
        if memchr(at, 0, stop - at) != nil { return .headerValue }
        at = stop
        if feed != nil {
            at += 1
            state = .lineStart
        }
        return nil
    }

    /// The first byte of a line says what it is: the empty line, a continuation (obs-fold), or a name.
    private mutating func startLine(_ at: inout UnsafeRawPointer) -> BadResponse? {
        let byte = at.load(as: UInt8.self)
        if byte == 0x20 || byte == 0x09 {
            guard header != .none else { return .headerName }
            state = header == .ignored ? .ignoredValue : .value
            return nil
        }
        if let bad = endValue() { return bad }
        switch byte {
        case Self.lineFeed:
            at += 1
            return endHead()
        case Self.carriageReturn:
            at += 1
            state = .headEnd
        default:
            word.clear()
            state = .name
        }
        return nil
    }

    private mutating func takeName(_ at: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> BadResponse? {
        while at < end {
            let byte = at.load(as: UInt8.self)
            if byte == 0x3A {
                guard !word.isEmpty else { return .headerName }
                at += 1
                return startValue()
            }
            guard Self.isToken(byte) else { return .headerName }
            word.append(byte)
            at += 1
        }
        return nil
    }

    private mutating func startValue() -> BadResponse? {
        header = .ignored
        switch word.count {
        case 10 where word == .connection: header = .connection
        case 13 where word == .serverTiming:
            hasServerTiming = true
            if timing != nil { header = .serverTiming }
        case 14 where word == .contentLength:
            header = .contentLength
            number = 0
            hasDigits = false
            numberEnded = false
        case 17 where word == .transferEncoding: header = .transferEncoding
        default: break
        }
        word.clear()
        state = header == .ignored ? .ignoredValue : .value
        return nil
    }

    /// The value of a header that decides the framing, or says where the time went.
    private mutating func takeValue(_ at: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> BadResponse? {
        while at < end {
            let byte = at.load(as: UInt8.self)
            at += 1
            if byte == Self.lineFeed {
                state = .lineStart
                return nil
            }
            if byte == 0 { return .headerValue }
            let isBlank = byte == 0x20 || byte == 0x09 || byte == Self.carriageReturn
            if header == .contentLength {
                if let bad = takeLength(byte, isBlank) { return bad }
            } else if header == .serverTiming {
                timing?.pointee.take(byte)
            } else if byte == 0x2C {
                endToken()
            } else if !isBlank {
                word.append(byte)
            }
        }
        return nil
    }

    /// Digits; `5, 5` is allowed, as a proxy may have joined two equal headers (RFC 9112 §6.3).
    private mutating func takeLength(_ byte: UInt8, _ isBlank: Bool) -> BadResponse? {
        if byte == 0x2C { return endLength() }
        if isBlank {
            numberEnded = hasDigits
            return nil
        }
        guard byte &- 0x30 < 10, !numberEnded else { return .contentLength }
        let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tens.addingReportingOverflow(UInt64(byte - 0x30))
        guard !overflow, !carry, sum <= UInt64(Int64.max) else { return .contentLength }
        number = sum
        hasDigits = true
        return nil
    }

    private mutating func endLength() -> BadResponse? {
        guard hasDigits, contentLength == nil || contentLength == number else { return .contentLength }
        contentLength = number
        number = 0
        hasDigits = false
        numberEnded = false
        return nil
    }

    private mutating func endToken() {
        guard !word.isEmpty else { return }
        if header == .connection {
            if word == .close { saysClose = true }
            if word == .keepAlive { saysKeepAlive = true }
        } else {
            hasTransferEncoding = true
            lastCodingIsChunked = word == .chunked
        }
        word.clear()
    }

    /// A value ends where the next line is not its continuation.
    private mutating func endValue() -> BadResponse? {
        defer { header = .none }
        switch header {
        case .contentLength: return endLength()
        case .transferEncoding, .connection:
            endToken()
            return nil
        case .serverTiming:
            timing?.pointee.endHeader()
            return nil
        case .none, .ignored: return nil
        }
    }

    /// RFC 9112 §6.3, message body length, in its order.
    private mutating func endHead() -> BadResponse? {
        if status == 101 { return .upgrade }
        if status < 200 {
            restartAfterInterim()
            return nil
        }
        if isHead || status == 204 || status == 304 {
            state = .done
        } else if hasTransferEncoding {
            isChunked = lastCodingIsChunked
            state = isChunked ? .chunkSize : .bodyUntilClose
            endsWithConnection = !isChunked
            number = 0
            position = 0
        } else if let length = contentLength {
            guard length <= bodyLimit else { return .bodyTooLarge }
            rest = length
            state = length == 0 ? .done : .body
        } else {
            state = .bodyUntilClose
            endsWithConnection = true
        }
        return nil
    }

    /// An interim answer says nothing about the final one; only what it took of the head limit stays.
    private mutating func restartAfterInterim() {
        let taken = headCount
        reset(isHead: isHead)
        hasStarted = true
        headCount = taken
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
        default: false
        }
    }
}
