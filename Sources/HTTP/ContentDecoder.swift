import CZlib
import Glibc

/// What a body was before it was compressed for the way (Content-Encoding, RFC 9110 §8.4): gzip and deflate, by zlib.
///
/// All room is made once, so that it can stand in a load. One answer at a time.
package final class ContentDecoder {
    package enum Content {
        /// Valid until the next is decoded. Not whole: there is more than was given, or than there is room for.
        case bytes(UnsafeRawBufferPointer, isWhole: Bool)
        /// Another coding, or several.
        case unknownCoding
        /// The body is not what its header says.
        case damaged
    }

    /// zlib's `windowBits`: what stands around the compressed data.
    private enum Wrapping: Int32 {
        case gzip = 31
        case zlib = 15
        case none = -15
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private let room: UnsafeMutableRawBufferPointer

    /// - Parameter roomFor: bytes of decoded content that are wanted at the most.
    package init(roomFor count: Int) throws(Poller.SetupError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard lz_inflate_init(stream, Wrapping.zlib.rawValue) == Z_OK else {
            stream.deallocate()
            throw Poller.SetupError(call: "inflateInit2", code: ENOMEM)
        }
        room = .allocate(byteCount: count, alignment: 1)
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        room.deallocate()
    }

    /// - Parameters:
    ///   - coding: the value of Content-Encoding; nil: there was none.
    ///   - isWhole: false: there was more of the body.
    package func decode(
        _ body: UnsafeRawBufferPointer, isWhole: Bool, coding: UnsafeRawBufferPointer?
    ) -> Content {
        guard let coding, !coding.reads("identity") else { return .bytes(body, isWhole: isWhole) }
        if coding.reads("gzip") || coding.reads("x-gzip") {
            return inflate(body, isWhole, .gzip) ?? .damaged
        }
        // RFC 9110 means zlib's format; enough servers send the bare data that browsers take both.
        guard coding.reads("deflate") else { return .unknownCoding }
        return inflate(body, isWhole, .zlib) ?? inflate(body, isWhole, .none) ?? .damaged
    }

    /// nil: it is damaged, or ends too early.
    private func inflate(_ body: UnsafeRawBufferPointer, _ isWhole: Bool, _ wrapping: Wrapping) -> Content? {
        inflateReset2(stream, wrapping.rawValue)
        // zlib reads from `next_in` only; its C type does not say so.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: body.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(body.count)
        stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room.count)
        let result = CZlib.inflate(stream, Z_SYNC_FLUSH)
        let decoded = UnsafeRawBufferPointer(rebasing: room[..<(room.count - Int(stream.pointee.avail_out))])
        switch result {
        case Z_STREAM_END: return .bytes(decoded, isWhole: true)
        case Z_OK, Z_BUF_ERROR:
            let isFull = stream.pointee.avail_out == 0
            return isFull || !isWhole ? .bytes(decoded, isWhole: false) : nil
        default: return nil
        }
    }
}
