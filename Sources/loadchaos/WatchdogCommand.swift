import ArgumentParser
import Chaos
import Foundation
import Glibc

/// The watchdog's side of `Watchdog`; never typed by a person.
struct WatchdogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "__watchdog", shouldDisplay: false)

    /// Between attempts, while something cannot be reverted: about five minutes in all, as AWS may throttle or be away.
    private static let pauses: [Double] = [1, 2, 4, 8, 15, 30, 60, 60, 120]

    @Argument var watched: String
    @Option var journal: String

    func run() async throws {
        // Ctrl-C and the end of a terminal are for the run: it heals, and this must outlive whatever ends it.
        setsid()
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
        if Self.words() == Watchdog.released { return }
        Terminal.note("loadchaos: run \(watched) has died; its watchdog reverts what it had broken")
        var isLeft = true
        for pause in [0] + Self.pauses where isLeft {
            try await Task.sleep(for: .seconds(pause))
            isLeft = try await Recover.pay(journal, of: watched)
        }
        if isLeft { throw ExitStatus.notHealed.code }
    }

    /// All that the run says, up to its end.
    private static func words() -> String {
        var said: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count == 1 { said.append(byte) }
            if count == 0 || (count < 0 && errno != EINTR) { break }
        }
        return String(decoding: said, as: UTF8.self)
    }
}
