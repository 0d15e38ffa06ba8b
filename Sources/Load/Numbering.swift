/// The numbers of a stream's requests in the whole load: streams take turns, so that no two requests have the same.
package struct Numbering: Hashable, Sendable {
    private let stream: UInt64
    private let streams: UInt64

    package init(stream: Int = 0, of streams: Int = 1) {
        self.stream = UInt64(stream)
        self.streams = UInt64(streams)
    }

    /// The number of the stream's request `index`.
    @inline(__always)
    package func callAsFunction(_ index: UInt64) -> UInt64 { index * streams + stream }
}
