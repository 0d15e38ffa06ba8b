import HTTP
import Load

/// Requests rendered one after the other into the same buffer, as a worker does.
final class Rendering {
    private let renderer: RequestRenderer
    private var buffer: RequestBuffer
    private let scratch: UnsafeMutablePointer<UInt8>

    init(_ renderer: RequestRenderer) {
        self.renderer = renderer
        buffer = RequestBuffer(capacity: renderer.longest)
        scratch = .allocate(capacity: renderer.longest)
    }

    deinit {
        buffer.free()
        scratch.deallocate()
    }

    func text(_ index: UInt64) -> String {
        renderer.render(index, into: &buffer, scratch: scratch)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    /// Of the one rendered last.
    var body: String { String(decoding: buffer.body, as: UTF8.self) }
}
