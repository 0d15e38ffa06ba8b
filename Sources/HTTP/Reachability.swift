import CCurl

extension Endpoint {
    /// Connects once and closes again, TLS included. Blocks for at most `timeoutMilliseconds`.
    package func reach(timeoutMilliseconds: Int) -> DialFailure? {
        guard let handle = makeHandle() else { return DialFailure(stage: .connect, reason: "out of memory") }
        defer { curl_easy_cleanup(handle) }
        lc_easy_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, timeoutMilliseconds)
        let code = curl_easy_perform(handle)
        return code == CURLE_OK ? nil : DialFailure(code, handle: handle)
    }
}
