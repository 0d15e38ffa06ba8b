/// How often troubles of each kind came at each place of a plan: flat memory, as the send path counts in it.
struct TroubleCounts {
    private let kinds: Int
    private let counts: UnsafeMutableBufferPointer<Int>

    init(places: Int, kinds: Int) {
        self.kinds = kinds
        counts = .allocate(capacity: places * kinds)
        counts.initialize(repeating: 0)
    }

    func free() { counts.deallocate() }

    func add(_ kind: Int, at place: Int) { counts[place * kinds + kind] += 1 }

    func of(_ kind: Int, at place: Int) -> Int { counts[place * kinds + kind] }
}
