import HTTP
import Plan

/// A worker's users on their journey, and room for the answers that are on their way to them.
///
/// All room is made once; a user takes a page of memory or two when it first has cookies or values.
final class Visits {
    /// Bytes of an answer's head, and of its body, in which values and cookies are looked for; of a compressed body,
    /// of either form.
    static let headRoom = 16_384
    static let bodyRoom = 65_536

    private let steps: UnsafeBufferPointer<UnsafeBufferPointer<CompiledCapture>>
    private let visits: UnsafeMutablePointer<Visit>
    private let userMemory: UntouchedMemory
    private let answerMemory: UntouchedMemory
    private let answerSize: Int
    private let decoder: ContentDecoder
    /// In lower case.
    private let host: CompiledTemplate.Text
    private let isEncrypted: Bool
    private let seed: UInt64
    private let numbering: Numbering
    private let workers: UInt64
    /// The number of the next pass of the stream: worker i of n has the passes k ≡ i (mod n).
    private var pass: UInt64
    /// How often each capture, in the order of the plan, did not come to a value.
    let troubles: CaptureTroubles

    /// nil: the requests are a mix.
    init?(_ job: Worker.Job) throws(Poller.SetupError) {
        guard let journey = job.stream.journey else { return nil }
        decoder = try ContentDecoder(roomFor: Self.bodyRoom)
        let values = journey.values.count
        let size = Visit.roomSize(values: values)
        userMemory = try UntouchedMemory(byteCount: job.limit * size)
        answerSize = Self.headRoom + Self.bodyRoom
        answerMemory = try UntouchedMemory(byteCount: job.limit * answerSize)
        visits = .allocate(capacity: job.limit)
        for user in 0..<job.limit {
            (visits + user).initialize(to: Visit(room: userMemory.start + user * size, values: values))
        }
        steps = CompiledTemplate.copy(
            job.plan.requests.map { request in
                CompiledTemplate.copy(request.captures.map { CompiledCapture($0, in: job.plan) })
            })
        troubles = CaptureTroubles(job.plan)
        host = CompiledTemplate.copy(job.target.host.lowercased())
        isEncrypted = job.target.scheme == "https"
        numbering = job.lane.numbering
        (seed, workers, pass) = (job.seed, UInt64(job.of), UInt64(job.number))
    }

    deinit {
        troubles.free()
        for captures in steps {
            for capture in captures { capture.free() }
            captures.deallocate()
        }
        steps.deallocate()
        host.deallocate()
        visits.deallocate()
        userMemory.free()
        answerMemory.free()
    }

    @inline(__always)
    func visit(of user: Int) -> UnsafeMutablePointer<Visit> { visits + user }

    /// What the user sends next; its pass begins with the first.
    func nextStep(of user: Int) -> Int {
        if let step = visits[user].step { return step }
        visits[user].step = 0
        visits[user].jar.clear()
        visits[user].rows = Draw(seed: seed, runHash: 0, index: numbering(pass))
        pass += workers
        return 0
    }

    /// The request is about to be sent: room for what its answer will be asked for.
    func prepare(_ slot: UnsafeMutablePointer<Slot>, _ number: Int) {
        visits[slot.pointee.user].jar.expire(at: slot.pointee.sent.count)
        let room = answerMemory.start + number * answerSize
        slot.pointee.parser.headRoom = UnsafeMutableRawBufferPointer(start: room, count: Self.headRoom)
        let wantsBody = steps[slot.pointee.route].contains(where: \.needsBody)
        slot.pointee.parser.capture = UnsafeMutableRawBufferPointer(
            start: wantsBody ? room + Self.headRoom : nil, count: wantsBody ? Self.bodyRoom : 0)
    }

    /// Whether the answer changes the cookies.
    func hasCookies(_ parser: ResponseParser) -> Bool {
        var head = Self.head(parser)
        return head.next("set-cookie") != nil
    }

    /// - Parameter request: as it was sent.
    func takeCookies(
        _ parser: ResponseParser, _ user: Int, request: UnsafeRawBufferPointer, at now: Nanoseconds
    ) {
        let start = (request.firstIndex(of: 0x20) ?? 0) + 1
        let end = request[start...].firstIndex(of: 0x20) ?? request.count
        let origin = CookieJar.Origin(
            host: UnsafeRawBufferPointer(host), isEncrypted: isEncrypted,
            path: UnsafeRawBufferPointer(rebasing: request[start..<end]), now: now.count)
        visits[user].jar.take(Self.head(parser), origin)
    }

    /// False: a value that had to be there is not.
    func takeValues(_ parser: ResponseParser, _ user: Int, _ step: Int) -> Bool {
        let captures = steps[step]
        guard !captures.isEmpty else { return true }
        var isComplete = true
        let head = Self.head(parser)
        let body = content(parser, head)
        for (place, capture) in captures.enumerated() {
            let found = capture.take(
                head: head, body: body, into: visits[user].room(for: capture.value))
            if case .bytes(let count) = found {
                visits[user].keep(capture.value, count: count)
            } else {
                troubles.count(found, step: step, place)
                isComplete = false
            }
        }
        return isComplete
    }

    private func content(_ parser: ResponseParser, _ head: ResponseHead) -> ContentDecoder.Content {
        var head = head
        let body = UnsafeRawBufferPointer(rebasing: parser.capture[..<parser.capturedCount])
        let isWhole = parser.bodyCount <= UInt64(parser.capture.count)
        return decoder.decode(body, isWhole: isWhole, coding: head.next("content-encoding"))
    }

    /// The step is over. After one that did not come to its values the user begins anew: what follows needs them.
    func move(_ user: Int, _ step: Int, isFailed: Bool) {
        let isLast = step + 1 == steps.count
        visits[user].step = isLast || isFailed && !steps[step].isEmpty ? nil : step + 1
    }

    private static func head(_ parser: ResponseParser) -> ResponseHead {
        ResponseHead(UnsafeRawBufferPointer(rebasing: parser.headRoom[..<parser.keptCount]))
    }
}
