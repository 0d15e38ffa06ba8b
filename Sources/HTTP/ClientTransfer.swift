import CCurl
import Synchronization

/// What one exchange has received so far: the target of libcurl's callbacks.
///
/// `@unchecked Sendable`: `isCancelled` is atomic; all else is used only on its lane's queue.
final class ClientTransfer: @unchecked Sendable {
    let request: ClientRequest
    let isCancelled = Atomic(false)
    private(set) var headers: [ClientHeader] = []
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false

    init(_ request: ClientRequest) { self.request = request }

    /// libcurl hands over each header line whole, with its line end, and the status line as well.
    func receive(headerLine bytes: UnsafeRawBufferPointer) {
        let line = String(decoding: bytes, as: UTF8.self).trimmingLineEnd
        if line.hasPrefix("HTTP/") {
            headers.removeAll()
            return
        }
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = line[line.index(after: colon)...].trimmingBlanks
        headers.append(ClientHeader(String(line[..<colon]), String(value)))
    }

    /// False when the body has become too large; libcurl then ends the transfer.
    func receive(bodyBytes bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= request.maxBodySize else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    static let onHeader: lc_client_receiver = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<ClientTransfer>.fromOpaque(context).takeUnretainedValue()
        transfer.receive(headerLine: UnsafeRawBufferPointer(start: bytes, count: size * count))
        return size * count
    }

    static let onBody: lc_client_receiver = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<ClientTransfer>.fromOpaque(context).takeUnretainedValue()
        let chunk = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return transfer.receive(bodyBytes: chunk) ? size * count : 0
    }
}

extension StringProtocol {
    fileprivate var trimmingLineEnd: String { String(prefix { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }) }
    fileprivate var trimmingBlanks: Substring {
        var rest = Substring(self)
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
