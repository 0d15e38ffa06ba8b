import CCurl

/// Sets a request's options on an easy handle and keeps the first that libcurl refused.
struct ClientOptions {
    private let easy: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private(set) var refused: CURLcode?

    init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }

    mutating func check(_ code: CURLcode) {
        if code != CURLE_OK, refused == nil { refused = code }
    }

    /// The lists must live until the transfer has ended.
    mutating func free() {
        for list in lists { curl_slist_free_all(list) }
        lists = []
    }

    mutating func apply(_ request: ClientRequest, errorText: UnsafeMutablePointer<CChar>) {
        errorText.pointee = 0
        check(lc_client_set_error_buffer(easy, errorText))
        set(CURLOPT_URL, request.url)
        // Without this libcurl's time-outs use SIGALRM, which no program with threads can allow.
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_TCP_NODELAY, 1)
        set(CURLOPT_TIMEOUT_MS, max(1, request.timeout.milliseconds))
        setMethod(request)
        var headers = request.headers.map { "\($0.name): \($0.value)" }
        if let signing = request.signing {
            set(CURLOPT_AWS_SIGV4, "aws:amz:\(signing.region):\(signing.service)")
            set(CURLOPT_USERNAME, signing.accessKey)
            set(CURLOPT_PASSWORD, signing.secretKey)
            if let token = signing.sessionToken { headers.append("X-Amz-Security-Token: \(token)") }
        }
        // A value with a line break would smuggle in a second header.
        if headers.contains(where: { $0.contains(where: \.isNewline) }) { check(CURLE_BAD_FUNCTION_ARGUMENT) }
        set(CURLOPT_HTTPHEADER, headers)
        set(CURLOPT_RESOLVE, request.resolve)
        check(request.connection.apply(to: easy))
    }

    private mutating func setMethod(_ request: ClientRequest) {
        let body = request.body ?? (request.method == "POST" ? [] : nil)
        if let body {
            body.withUnsafeBytes { bytes in
                // A null pointer would make libcurl read the body from stdin.
                if let start = bytes.baseAddress, !bytes.isEmpty {
                    check(lc_client_set_body(easy, start, curl_off_t(bytes.count)))
                } else {
                    check(lc_client_set_body(easy, "", 0))
                }
            }
        }
        switch (request.method, body != nil) {
        case ("POST", _), ("GET", false): break
        case ("HEAD", false): set(CURLOPT_NOBODY, 1)
        default: set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    private mutating func set(_ option: CURLoption, _ value: Int) {
        check(lc_client_set_long(easy, option, value))
    }

    private mutating func set(_ option: CURLoption, _ value: String) {
        check(lc_client_set_string(easy, option, value))
    }

    private mutating func set(_ option: CURLoption, _ values: [String]) {
        guard !values.isEmpty else { return }
        var list: UnsafeMutablePointer<curl_slist>?
        for value in values {
            guard let longer = curl_slist_append(list, value) else {
                check(CURLE_OUT_OF_MEMORY)
                break
            }
            list = longer
        }
        if let list {
            lists.append(list)
            check(lc_client_set_list(easy, option, list))
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    fileprivate var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}

extension ClientError.Kind {
    /// What libcurl's code means to us.
    init(_ code: CURLcode) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .dns
        case CURLE_COULDNT_CONNECT: self = .connect
        case CURLE_OPERATION_TIMEDOUT: self = .timeout
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED:
            self = .tls
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE: self = .reset
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT,
            CURLE_FAILED_INIT, CURLE_OUT_OF_MEMORY, CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN:
            self = .badRequest
        default: self = .badResponse
        }
    }
}
