import Testing

@testable import Capacity

/// The search for a knee, against systems whose knee is known.
@Suite struct KneeSearchTests {
    /// Plays the search to its end; `isMet` answers each play.
    private func play(
        _ search: KneeSearch, _ isMet: (_ rate: Double, _ play: Int) -> Bool
    ) -> (search: KneeSearch, rates: [Double]) {
        var search = search
        var rates: [Double] = []
        while case .play(let rate, _) = search.next {
            rates.append(rate)
            search.note(rate: rate, isMet: isMet(rate, rates.count))
        }
        return (search, rates)
    }

    @Test(arguments: [1.0, 3, 40, 41, 79, 80, 81, 207, 333, 1000, 4999])
    func `a knee is found within the resolution, from wherever it begins`(_ knee: Double) {
        for start in [1.0, 40, 350, 5000] {
            let (search, rates) = play(KneeSearch(start: start, most: 5000)) { rate, _ in rate <= knee }
            let (met, missed) = (search.met ?? 0, search.missed ?? 0)
            #expect(met <= knee && knee < missed, "start \(start): \(rates)")
            #expect(missed <= met * 1.0501 || missed - met <= 1, "start \(start): \(rates)")
            #expect(rates.count <= 24, "start \(start): \(rates)")
        }
    }

    @Test func `a good guess is cheap`() {
        let (_, rates) = play(KneeSearch(start: 300, most: 5000, isGuessed: true)) { rate, _ in rate <= 310 }
        #expect(rates == [300, 345, 322, 311, 300, 311])
    }

    @Test func `both ends are played again before it is done`() {
        let (search, rates) = play(KneeSearch(start: 100, most: 1000)) { rate, _ in rate <= 100 }
        for end in [search.met, search.missed] {
            #expect(rates.count { $0 == end } >= 2)
        }
    }

    @Test(arguments: 1...12)
    func `one wrong answer does not move it`(_ wrong: Int) {
        let (search, rates) = play(KneeSearch(start: 40, most: 5000)) { rate, play in
            (rate <= 207) != (play == wrong)
        }
        #expect((search.met ?? 0) <= 207 && 207 < (search.missed ?? 0), "\(rates)")
        #expect((search.missed ?? 0) <= (search.met ?? 0) * 1.16, "\(rates)")
    }

    @Test func `a system that carries all that may be played has no knee`() {
        let (search, _) = play(KneeSearch(start: 40, most: 500)) { _, _ in true }
        #expect(search.isOpenEnded && search.missed == nil && search.met == 500)
    }

    @Test func `a system that carries nothing has none either`() {
        let (search, _) = play(KneeSearch(start: 40, most: 500)) { _, _ in false }
        #expect(search.met == nil && search.missed == 1)
    }

    @Test(arguments: [150.0, 185, 205, 240, 367])
    func `a rate that cannot be played is looked at from below`(_ knee: Double) {
        var search = KneeSearch(start: 46, most: 5000)
        var rates: [Double] = []
        while case .play(let rate, _) = search.next {
            rates.append(rate)
            // Here the generator is the limit from 300/s on.
            if rate >= 300 {
                search.noteNothing(rate: rate)
            } else {
                search.note(rate: rate, isMet: rate <= knee)
            }
        }
        #expect(rates.count { $0 == 368 } == (knee >= 184 ? 2 : 0), "\(rates)")
        #expect(search.met ?? 0 <= knee)
        if knee < 285 {
            #expect(search.missed.map { knee < $0 && $0 <= (search.met ?? 0) * 1.0501 } == true, "\(rates)")
        } else {
            #expect(search.missed == nil, "what it carries beyond 300/s cannot be known: \(rates)")
        }
    }

    @Test func `who cannot play any rate gives up`() {
        var search = KneeSearch(start: 40, most: 5000)
        while case .play(let rate, _) = search.next { search.noteNothing(rate: rate) }
        #expect(search.met == nil && search.missed == nil && search.plays == 8)
    }

    @Test func `one busy moment is no limit`() {
        var search = KneeSearch(start: 40, most: 5000)
        var rates: [Double] = []
        while case .play(let rate, _) = search.next {
            rates.append(rate)
            if rates.count == 2 {
                search.noteNothing(rate: rate)
            } else {
                search.note(rate: rate, isMet: rate <= 207)
            }
        }
        #expect((search.met ?? 0) <= 207 && 207 < (search.missed ?? 0), "\(rates)")
        #expect(rates[1] == rates[2])
    }

    @Test func `a system that answers by chance does not keep it going`() {
        var state: UInt64 = 7
        let (search, rates) = play(KneeSearch(start: 40, most: 5000)) { _, _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return state >> 63 == 0
        }
        #expect(rates.count <= KneeSearch.mostPlays && search.next == .done)
    }
}
