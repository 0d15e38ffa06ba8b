package import Loopback

extension LoopbackServer {
    /// The lab's API on a socket.
    package init(serving api: LabAPI, at address: Address) throws {
        try self.init(at: address, bodyLimit: LabAPI.bodyLimit) { await api.answer($0) }
    }
}
