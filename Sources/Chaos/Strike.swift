/// How much of one service a fault takes away at once.
package struct Strike: Hashable, Sendable {
    package var service: String
    /// Tasks that run now and will not, or will not be reached.
    package var struck: Int
    /// All of its tasks that run now.
    package var running: Int

    package init(service: String, struck: Int, running: Int) {
        self.service = service
        self.struck = struck
        self.running = running
    }
}
