import Fuzzing
import HTTP

/// Any bytes end in progress or in a failure, and in the same however they are cut.
@main struct FuzzResponse {
    static func main() {
        fuzz { bytes, count in
            FuzzResponse.check(UnsafeRawBufferPointer(start: bytes, count: count))
            return 0
        }
    }

    /// The first byte says where the bytes behind it are cut, and whether a HEAD was asked.
    static func check(_ input: UnsafeRawBufferPointer) {
        guard let options = input.first else { return }
        let bytes = UnsafeRawBufferPointer(rebasing: input.dropFirst())
        let isHead = options & 1 == 1
        let cut = bytes.count * Int(options >> 1) / 127
        let whole = read([bytes], isHead)
        let pieces = read(
            [
                UnsafeRawBufferPointer(rebasing: bytes[..<cut]),
                UnsafeRawBufferPointer(rebasing: bytes[cut...]),
            ],
            isHead)
        precondition(whole == pieces, "cut at \(cut): \(pieces), whole: \(whole)")
        precondition(whole.consumed <= bytes.count && whole.bodyCount <= UInt64(bytes.count))
    }

    struct Reading: Equatable {
        var failure: BadResponse?
        var consumed = 0
        var status = 0
        var bodyCount: UInt64 = 0
        var keeps = false
        var timing: [Int64] = []
        var head: [UInt8] = []
        var cookies: [UInt8] = []
        var location: [UInt8] = []
    }

    // libFuzzer calls from one thread.
    nonisolated(unsafe) static let timings = ServerTimingRoom(["app", "db"], answers: 1)

    // Small, so that a head is longer than it.
    nonisolated(unsafe) static let headRoom = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 500, alignment: 8)
    nonisolated(unsafe) static let jarRoom = UnsafeMutableRawPointer.allocate(
        byteCount: CookieJar.roomSize, alignment: 8)
    // Small, so that a Location is longer than it.
    nonisolated(unsafe) static let pathRoom = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 100)

    /// The head as it was kept, the cookies that it leaves, and where it leads.
    static func keep(_ parser: ResponseParser, _ reading: inout Reading) {
        let head = UnsafeRawBufferPointer(rebasing: parser.headRoom[..<parser.keptCount])
        reading.head = Array(head)
        var jar = CookieJar(room: jarRoom)
        let place: StaticString = "/a.test"
        let path = UnsafeRawBufferPointer(start: place.utf8Start, count: place.utf8CodeUnitCount)
        let host = UnsafeRawBufferPointer(rebasing: path[1...])
        jar.take(ResponseHead(head), CookieJar.Origin(host: host, isEncrypted: true, path: path, now: 0))
        jar.expire(at: 60_000_000_000)
        jar.forEach(for: path) { reading.cookies += $0 }
        reading.location = location(of: head, path: path, host: host)
    }

    static func location(
        of head: UnsafeRawBufferPointer, path: UnsafeRawBufferPointer, host: UnsafeRawBufferPointer
    ) -> [UInt8] {
        var head = ResponseHead(head)
        let origin = Location.Origin(host: host, isEncrypted: true, port: 443)
        guard let value = head.next("location"),
            case .here(let count) = Location.resolve(value, against: path, at: origin, into: pathRoom)
        else { return [] }
        let place = Array(pathRoom[..<count])
        precondition(place.first == 0x2F && place.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "no path: \(place)")
        return place
    }

    static func read(_ pieces: [UnsafeRawBufferPointer], _ isHead: Bool) -> Reading {
        var parser = ResponseParser(isHead: isHead, bodyLimit: 100_000)
        parser.timing = timings.reader(0)
        parser.headRoom = headRoom
        parser.reset(isHead: isHead)
        var fed = 0
        for piece in pieces {
            switch parser.feed(piece) {
            case .incomplete: fed += piece.count
            case .complete(let consumed): return reading(parser, fed + consumed)
            case .failed(let failure): return Reading(failure: failure)
            }
        }
        switch parser.end() {
        case .complete: return reading(parser, fed)
        case .failed(let failure): return Reading(failure: failure)
        case .incomplete: preconditionFailure("neither an end nor a failure at the end")
        }
    }

    static func reading(_ parser: ResponseParser, _ consumed: Int) -> Reading {
        precondition((100...999).contains(parser.status), "complete without a status")
        var reading = Reading(
            consumed: consumed, status: parser.status, bodyCount: parser.bodyCount,
            keeps: parser.keepsConnection,
            timing: parser.timing.map { [$0.pointee[0], $0.pointee[1]] } ?? [])
        keep(parser, &reading)
        return reading
    }
}
