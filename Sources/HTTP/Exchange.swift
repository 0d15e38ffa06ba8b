import CCurl
import Glibc

/// One request over HTTP/2 and its answer: an easy handle, used again for the next. Its Multiplexer frees it.
final class Exchange {
    let easy: OpaqueHandle
    var isRunning = false
    /// Where the handle is told to go.
    private var endpoint: Endpoint?
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var parser: UnsafeMutablePointer<ResponseParser>?
    /// The final head is over: header lines that follow are trailers.
    private var headIsOver = false
    /// The parser would take no more.
    private var isRefused = false

    /// nil if libcurl is out of memory.
    init?(slot: Int, sockets: SocketCount, freshConnection: Bool) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        lc_easy_set_slot(easy, UInt32(slot))
        sockets.count(easy)
        lc_easy_set_long(easy, CURLOPT_PIPEWAIT, 1)
        lc_easy_set_long(easy, CURLOPT_PATH_AS_IS, 1)
        lc_easy_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        if freshConnection {
            lc_easy_set_long(easy, CURLOPT_FRESH_CONNECT, 1)
            lc_easy_set_long(easy, CURLOPT_FORBID_REUSE, 1)
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        lc_client_on_header(
            easy,
            { bytes, size, count, context in
                let exchange = Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue()
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return exchange.receive(headerLine: line) ? size * count : 0
            }, context)
        lc_client_on_body(
            easy,
            { bytes, size, count, context in
                let exchange = Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue()
                return exchange.feed(UnsafeRawBufferPointer(start: bytes, count: size * count))
                    ? size * count : 0
            }, context)
    }

    func free() {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headers)
    }

    /// False: out of memory, or this is no request.
    func prepare(
        _ text: UnsafeRawBufferPointer, to endpoint: Endpoint, turn: Int,
        parser: UnsafeMutablePointer<ResponseParser>
    ) -> Bool {
        guard let request = RequestText(text) else { return false }
        self.parser = parser
        (headIsOver, isRefused) = (false, false)
        curl_slist_free_all(headers)
        headers = nil
        for line in request.headers {
            guard let longer = curl_slist_append(headers, line) else { return false }
            headers = longer
        }
        if endpoint !== self.endpoint || !endpoint.connection.sources.isEmpty {
            endpoint.configure(easy, turn: turn)
            self.endpoint = endpoint
        }
        lc_easy_set_string(easy, CURLOPT_URL, endpoint.url.dropLast() + request.path)
        lc_easy_set_list(easy, CURLOPT_HTTPHEADER, headers)
        lc_easy_set_long(easy, CURLOPT_NOBODY, 0)
        lc_easy_set_long(easy, CURLOPT_HTTPGET, 1)
        if request.hasBody {
            lc_client_set_body(
                easy, request.body.baseAddress ?? text.baseAddress, curl_off_t(request.body.count))
        }
        if request.method == "HEAD" { lc_easy_set_long(easy, CURLOPT_NOBODY, 1) }
        return lc_easy_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method) == CURLE_OK
    }

    /// No name has to be looked up for it.
    var knowsAddress: Bool { endpoint?.address != nil }

    /// That were dialled for it; 0: another's was used.
    var newConnections: Int { lc_client_get_long(easy, CURLINFO_NUM_CONNECTS) }

    var receivedBytes: Int {
        lc_client_get_long(easy, CURLINFO_HEADER_SIZE) + Int(parser?.pointee.bodyCount ?? 0)
    }

    /// How the transfer ended, in libcurl's word.
    func failure(_ code: CURLcode) -> Multiplexer.Failure? {
        if isRefused { return .badAnswer }
        switch code {
        case CURLE_OK:
            guard lc_client_get_long(easy, CURLINFO_HTTP_VERSION) == Int(CURL_HTTP_VERSION_2_0) else {
                return .otherVersion
            }
            guard let parser, case .complete = parser.pointee.end() else { return .badAnswer }
            return nil
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2_STREAM,
            CURLE_HTTP2:
            return .lost
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR,
            CURLE_UNSUPPORTED_PROTOCOL:
            return .badAnswer
        default: return .dial(DialFailure(code, handle: easy))
        }
    }

    /// libcurl hands over each line whole, with its line end, also those of 1xx answers and of trailers.
    private func receive(headerLine line: UnsafeRawBufferPointer) -> Bool {
        if headIsOver { return true }
        if line.starts(with: "HTTP/".utf8) {
            guard let space = line.firstIndex(of: 0x20) else { return refuse() }
            let version: StaticString = "HTTP/1.1"
            return feed(UnsafeRawBufferPointer(start: version.utf8Start, count: version.utf8CodeUnitCount))
                && feed(UnsafeRawBufferPointer(rebasing: line[space...]))
        }
        let isEnd = line.count <= 2
        guard feed(line) else { return false }
        if isEnd, let parser, parser.pointee.status >= 200 { headIsOver = true }
        return true
    }

    private func feed(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let parser else { return false }
        if bytes.isEmpty { return true }
        switch parser.pointee.feed(bytes) {
        case .incomplete: return true
        case .complete(let consumed): return consumed == bytes.count || refuse()
        case .failed: return refuse()
        }
    }

    private func refuse() -> Bool {
        isRefused = true
        return false
    }
}
