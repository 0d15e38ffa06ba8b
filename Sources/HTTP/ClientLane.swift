import CCurl
import Dispatch
import Glibc
import Synchronization

/// One libcurl handle with its connections, used by one exchange at a time.
///
/// The handle is driven through a multi handle of its own: that keeps the connections between exchanges, and
/// `curl_multi_wakeup`, the one call libcurl allows from another thread, makes cancelling immediate.
///
/// `@unchecked Sendable`: `easy` and `errorText` are used only on `queue`; `multi` there as well, but for the wake-up.
final class ClientLane: @unchecked Sendable {
    private let queue: DispatchQueue
    private let easy: OpaquePointer
    private let multi: OpaquePointer
    private let errorText: UnsafeMutablePointer<CChar>

    /// curl_global_init is not safe beside itself: once for the process.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    /// nil when libcurl cannot make a handle: no memory, or no TLS library.
    init?(number: Int) {
        guard Self.isReady, let easy = curl_easy_init() else { return nil }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(easy)
            return nil
        }
        self.easy = OpaquePointer(easy)
        self.multi = OpaquePointer(multi)
        queue = DispatchQueue(label: "loadchaos.client.\(number)")
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_multi_cleanup(multiHandle)
        errorText.deallocate()
    }

    private var handle: UnsafeMutableRawPointer { UnsafeMutableRawPointer(easy) }
    private var multiHandle: UnsafeMutableRawPointer { UnsafeMutableRawPointer(multi) }

    /// Runs the exchange on the lane's own thread and calls `done` there.
    func start(
        _ transfer: ClientTransfer, done: @escaping @Sendable (Result<ClientResponse, ClientError>) -> Void
    ) {
        queue.async { done(self.run(transfer)) }
    }

    /// Safe from any thread.
    func cancel(_ transfer: ClientTransfer) {
        transfer.isCancelled.store(true, ordering: .releasing)
        curl_multi_wakeup(multiHandle)
    }

    private func run(_ transfer: ClientTransfer) -> Result<ClientResponse, ClientError> {
        let request = transfer.request
        var options = ClientOptions(handle)
        options.apply(request, errorText: errorText)
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        options.check(lc_client_on_header(handle, ClientTransfer.onHeader, context))
        options.check(lc_client_on_body(handle, ClientTransfer.onBody, context))
        defer {
            curl_easy_reset(handle)
            options.free()
        }
        if let refused = options.refused {
            return .failure(error(refused, request))
        }
        let code = withExtendedLifetime(transfer) { perform(transfer) }
        guard let code else {
            return .failure(ClientError(kind: .cancelled, request, reason: "cancelled by the caller"))
        }
        if transfer.isTooLarge {
            let reason = "the body is over \(request.maxBodySize) bytes"
            return .failure(ClientError(kind: .tooLarge, request, reason: reason))
        }
        guard code == CURLE_OK else { return .failure(error(code, request)) }
        return .success(
            ClientResponse(
                status: lc_client_get_long(handle, CURLINFO_RESPONSE_CODE),
                headers: transfer.headers, body: transfer.body,
                address: lc_client_get_string(handle, CURLINFO_PRIMARY_IP).map { String(cString: $0) }))
    }

    /// nil: cancelled.
    private func perform(_ transfer: ClientTransfer) -> CURLcode? {
        guard curl_multi_add_handle(multiHandle, handle) == CURLM_OK else { return CURLE_FAILED_INIT }
        // Removing a handle in mid-transfer closes its connection, so a late answer cannot reach the next exchange.
        defer { curl_multi_remove_handle(multiHandle, handle) }
        var result = CURLE_OK
        while !transfer.isCancelled.load(ordering: .acquiring) {
            var running: Int32 = 0
            guard curl_multi_perform(multiHandle, &running) == CURLM_OK else { return CURLE_FAILED_INIT }
            if lc_client_finished(multiHandle, &result) != 0 { return result }
            guard curl_multi_poll(multiHandle, nil, 0, 1000, nil) == CURLM_OK else {
                return CURLE_FAILED_INIT
            }
        }
        return nil
    }

    private func error(_ code: CURLcode, _ request: ClientRequest) -> ClientError {
        let detail = String(cString: errorText)
        let reason = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        if code == CURLE_COULDNT_CONNECT, lc_client_get_long(handle, CURLINFO_OS_ERRNO) == Int(ECONNREFUSED) {
            return ClientError(kind: .refused, request, reason: reason)
        }
        // The same code stands for a refused scheme and for an answer that is not HTTP/1: a peer makes the difference.
        if code == CURLE_UNSUPPORTED_PROTOCOL, let peer = lc_client_get_string(handle, CURLINFO_PRIMARY_IP),
            peer.pointee != 0
        {
            return ClientError(kind: .badResponse, request, reason: reason)
        }
        return ClientError(kind: .init(code), request, reason: reason)
    }
}
