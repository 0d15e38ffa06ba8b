import CCurl
import Glibc

/// Why no connection came about.
package struct DialFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Stage: String, Hashable, Sendable {
        /// Looking up the name.
        case dns
        /// TCP: refused, unreachable, timed out.
        case connect
        case tls
    }

    package var stage: Stage
    /// libcurl's words.
    package var reason: String
    /// This machine had no port, descriptor or memory for it: nothing of the peer was seen.
    package var isOurs = false

    package init(stage: Stage, reason: String) {
        self.stage = stage
        self.reason = reason
    }

    package var description: String { "\(stage.rawValue): \(reason)" }

    init(_ code: CURLcode, handle: UnsafeMutableRawPointer) {
        reason = String(cString: curl_easy_strerror(code))
        let problem = Int32(truncatingIfNeeded: lc_client_get_long(handle, CURLINFO_OS_ERRNO))
        isOurs =
            code == CURLE_OUT_OF_MEMORY || code == CURLE_INTERFACE_FAILED
            || code == CURLE_COULDNT_CONNECT
                && [EADDRNOTAVAIL, EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(problem)
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: stage = .dns
        case CURLE_OPERATION_TIMEDOUT: stage = DialFailure.stage(reachedBy: handle)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_SHUTDOWN_FAILED,
            CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            stage = .tls
        default: stage = .connect
        }
    }

    /// Where a dial stands that is given up: libcurl fills in a stage's time when the stage is over.
    static func stage(reachedBy handle: UnsafeMutableRawPointer) -> Stage {
        if lc_easy_time(handle, CURLINFO_NAMELOOKUP_TIME_T) == 0 { return .dns }
        if lc_easy_time(handle, CURLINFO_CONNECT_TIME_T) == 0 { return .connect }
        return .tls
    }
}
