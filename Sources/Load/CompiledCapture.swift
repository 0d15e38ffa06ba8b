import Glibc
import HTTP
import Plan

/// What came of looking for a value in an answer.
enum TakenValue: Hashable {
    case bytes(Int)
    case absent
    /// Over `Visit.valueLimit`.
    case tooLong
    /// Not within the part of the body that is kept.
    case cutOff
    /// It has a control character, and is to stand in a header.
    case unfit
    /// Over `PatternFinder.stepLimit`.
    case tooHard
    /// The body is compressed as `ContentDecoder` does not know.
    case unknownCoding
    /// The body is not what its Content-Encoding says.
    case damaged
}

/// A capture as flat memory: what the send path looks for values by without allocating.
struct CompiledCapture {
    private enum Source {
        case json(UnsafeBufferPointer<JSONFinder.Step>)
        /// In lower case.
        case header(CompiledTemplate.Text)
        case regex(UnsafeBufferPointer<Pattern.Item>, group: Range<Int>)
    }

    let value: Int
    private let source: Source
    /// Some header is made of it.
    private let isForHeaders: Bool

    init(_ capture: Capture, in plan: Plan) {
        value = capture.value
        switch capture.source {
        case .json(let path):
            source = .json(
                CompiledTemplate.copy(
                    path.steps.map { step in
                        switch step {
                        case .key(let key): .key(CompiledTemplate.copy(key))
                        case .index(let index): .index(index)
                        }
                    }))
        case .header(let name): source = .header(CompiledTemplate.copy(name.lowercased()))
        case .regex(let pattern):
            source = .regex(CompiledTemplate.copy(pattern.items), group: pattern.group)
        }
        let headers = plan.requests.flatMap { $0.headers.map(\.value) + ($0.basic.map { [$0] } ?? []) }
        isForHeaders = headers.flatMap(\.parts).contains { part in
            if case .taken(capture.value, _) = part { true } else { false }
        }
    }

    func free() {
        switch source {
        case .json(let steps):
            for case .key(let key) in steps { key.deallocate() }
            steps.deallocate()
        case .header(let name): name.deallocate()
        case .regex(let items, _): items.deallocate()
        }
    }

    var needsBody: Bool {
        switch source {
        case .json, .regex: true
        case .header: false
        }
    }

    func take(
        head: ResponseHead, body: ContentDecoder.Content, into room: UnsafeMutableBufferPointer<UInt8>
    ) -> TakenValue {
        let found = find(head, body, room)
        guard isForHeaders, case .bytes(let count) = found else { return found }
        return room[..<count].contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } ? .unfit : found
    }

    private func find(
        _ head: ResponseHead, _ body: ContentDecoder.Content, _ room: UnsafeMutableBufferPointer<UInt8>
    ) -> TakenValue {
        switch (source, body) {
        case (.header(let name), _):
            var head = head
            guard let value = head.next(UnsafeRawBufferPointer(name)) else { return .absent }
            guard value.count <= room.count else { return .tooLong }
            if let start = value.baseAddress, let to = room.baseAddress { memcpy(to, start, value.count) }
            return .bytes(value.count)
        case (.json(let steps), .bytes(let body, let isWhole)):
            return JSONFinder.find(steps, in: body, isWhole: isWhole, into: room)
        case (.regex(let items, let group), .bytes(let body, let isWhole)):
            return PatternFinder.find(items, group, in: body, isWhole: isWhole, into: room)
        case (_, .unknownCoding): return .unknownCoding
        case (_, .damaged): return .damaged
        }
    }
}
