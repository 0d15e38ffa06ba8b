import Fuzzing
import HTTP

/// A fault that was planted: a run that does not find it says nothing about the others.
@main struct FuzzCanary {
    static func main() {
        fuzz { bytes, count in
            var parser = ResponseParser(isHead: false, bodyLimit: 100_000)
            // Of the corpus of FuzzResponse, whose first byte is none of the answer.
            _ = parser.feed(
                UnsafeRawBufferPointer(
                    rebasing: UnsafeRawBufferPointer(start: bytes, count: count).dropFirst()))
            // One digit away from what the corpus has, so that ten million inputs cannot miss it.
            precondition(parser.status < 500 || !parser.isChunked, "the planted fault")
            return 0
        }
    }
}
