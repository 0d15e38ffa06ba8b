import Glibc

/// The chunked body (RFC 9112 §7.1): sizes, extensions, data, trailers. Extensions and trailers are skipped.
extension ResponseParser {
    mutating func stepChunk(_ at: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> BadResponse? {
        if state == .chunkData { return takeBody(&at, end) }
        let before = at
        // Chunk sizes are as many as the body has chunks; what is limited is the part with no use.
        let isUseless = state == .chunkExtension || state == .trailer
        let bad = stepFraming(&at, end)
        if isUseless { headCount += at - before }
        return bad ?? (headCount > Self.headLimit ? .headTooLarge : nil)
    }

    private mutating func stepFraming(_ at: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> BadResponse? {
        let byte = at.load(as: UInt8.self)
        switch state {
        case .chunkSize: return takeSize(byte, &at)
        case .chunkExtension, .trailer:
            let feed = memchr(at, 0x0A, end - at).map { UnsafeRawPointer($0) }
            at = feed ?? end
            if feed == nil { return nil }
            at += 1
            if state == .trailer {
                state = .trailerStart
                return nil
            }
            return endSize()
        case .chunkSizeEnd:
            guard byte == 0x0A else { return .chunkSize }
            at += 1
            return endSize()
        case .chunkDataEnd:
            guard byte == 0x0D || byte == 0x0A else { return .chunkEnd }
            at += 1
            startSize(after: byte == 0x0A ? .chunkSize : .chunkDataEndLine)
            return nil
        case .chunkDataEndLine:
            guard byte == 0x0A else { return .chunkEnd }
            at += 1
            startSize(after: .chunkSize)
            return nil
        case .trailerStart:
            if byte == 0x0A {
                at += 1
                state = .done
            } else if byte == 0x0D {
                at += 1
                state = .trailerEnd
            } else {
                state = .trailer
            }
            return nil
        default:
            // .trailerEnd
            guard byte == 0x0A else { return .headerName }
            at += 1
            state = .done
            return nil
        }
    }

    private mutating func startSize(after next: State) {
        state = next
        number = 0
        position = 0
    }

    private mutating func takeSize(_ byte: UInt8, _ at: inout UnsafeRawPointer) -> BadResponse? {
        let lower = byte | 0x20
        let digit: UInt8 =
            byte &- 0x30 < 10 ? byte - 0x30 : lower &- 0x61 < 6 ? lower - 0x61 + 10 : 0xFF
        if digit != 0xFF {
            // 15 digits are 2⁶⁰: more cannot come, and the sum below cannot overflow.
            guard position < 15 else { return .chunkSize }
            number = number << 4 | UInt64(digit)
            position += 1
            at += 1
            return nil
        }
        guard position > 0 else { return .chunkSize }
        switch byte {
        case 0x0A:
            at += 1
            return endSize()
        case 0x0D:
            at += 1
            state = .chunkSizeEnd
            return nil
        case 0x3B, 0x20, 0x09:
            state = .chunkExtension
            return nil
        default: return .chunkSize
        }
    }

    private mutating func endSize() -> BadResponse? {
        rest = number
        guard bodyCount + rest <= bodyLimit else { return .bodyTooLarge }
        state = rest == 0 ? .trailerStart : .chunkData
        return nil
    }
}
