import Foundation
import Plan
import Testing

@Suite struct NanosecondsTests {
    @Test(
        arguments: [
            (0, "0s"), (1, "1ns"), (999, "999ns"), (1_000, "1us"), (1_500, "1.5us"), (250_000, "250us"),
            (1_500_000, "1.5ms"), (100_000_000, "100ms"), (1_234_567, "1.235ms"), (1_000_000_000, "1s"),
            (1_500_000_000, "1.5s"), (65_400_000_000, "65.4s"), (90_000_000_000, "90s"),
            (60_000_000_000, "1m"),
            (120_000_000_000, "2m"), (570_000_000_000, "570s"), (3_600_000_000_000, "1h"),
            (5_400_000_000_000, "90m"),
            (7_234_567_891, "7.235s"), (999_999_900, "1s"), (999_999, "1ms"), (1_005_000_000, "1.005s"),
            (-1, "-1ns"), (-1_500_000_000, "-1.5s"), (-120_000_000_000, "-2m"),
            (Int64.max, "9223372036.855s"), (Int64.min, "-9223372036.855s"),
        ] as [(Int64, String)])
    func `a time is written as the language writes it`(_ count: Int64, _ text: String) {
        #expect(Nanoseconds(count).description == text)
    }

    @Test(
        arguments: [
            (0, 0), (1, 0), (999_999_999, 0), (1_000_000_000, 1), (-1, -1), (-500_000_000, -1),
            (-1_000_000_000, -1),
            (-1_000_000_001, -2), (Int64.max, 9_223_372_036), (9_000_000_000_999_999_999, 9_000_000_000),
        ] as [(Int64, Int)])
    func `a point lies in the second that began last`(_ count: Int64, _ second: Int) {
        #expect(Nanoseconds(count).second == second)
    }

    @Test func `units convert into each other`() {
        #expect(Nanoseconds.seconds(1.5) == .milliseconds(1_500))
        #expect(Nanoseconds.milliseconds(2) == .microseconds(2_000))
        #expect(Nanoseconds.seconds(0.1).count == 100_000_000)
        #expect(Nanoseconds.milliseconds(250).inSeconds == 0.25)
        #expect(Nanoseconds.microseconds(1_500).inMilliseconds == 1.5)
    }

    @Test func `times add, scale and compare`() {
        #expect(.seconds(2) + .seconds(3) == Nanoseconds.seconds(5))
        #expect(.seconds(2) - .seconds(3) == Nanoseconds.seconds(-1))
        #expect(Nanoseconds.seconds(9) / 6 == .milliseconds(1_500))
        #expect(Nanoseconds.seconds(1) * 0.5 == .milliseconds(500))
        #expect(Nanoseconds.seconds(-1) < .zero && .zero < Nanoseconds(1))
    }

    @Test func `a recording holds the bare count`() throws {
        let text = String(decoding: try JSONEncoder().encode([Nanoseconds.seconds(90)]), as: UTF8.self)
        #expect(text == "[90000000000]")
        #expect(try JSONDecoder().decode([Nanoseconds].self, from: Data(text.utf8)) == [.seconds(90)])
    }
}
