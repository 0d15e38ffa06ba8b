import CCurl

/// TLS sessions that the connections of one thread take up from each other, so that a handshake after the first one is
/// short: no certificate, no signature. Must live longer than the handles it is given to.
final class TLSSessions {
    private let share: OpaqueHandle

    /// nil if libcurl is out of memory.
    init?() {
        guard let share = curl_share_init() else { return nil }
        self.share = share
        lc_share_sessions(share)
    }

    deinit { curl_share_cleanup(share) }

    func give(to easy: OpaqueHandle) { lc_easy_set_share(easy, share) }
}
