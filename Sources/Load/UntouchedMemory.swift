import Glibc
import HTTP

/// Room for the most that there could be, of which the machine gives a page when it is first written to.
struct UntouchedMemory {
    let start: UnsafeMutableRawPointer
    let count: Int

    /// - Throws: if the address space of this process is limited to less.
    init(byteCount: Int) throws(Poller.SetupError) {
        count = max(1, byteCount)
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let start = mmap(nil, count, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED else {
            throw Poller.SetupError(call: "mmap", code: errno)
        }
        self.start = start
    }

    func free() { munmap(start, count) }
}
