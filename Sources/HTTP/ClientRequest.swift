/// One request of the plain client: everything libcurl needs to know, as a value.
package struct ClientRequest: Sendable {
    /// Sent as given: `GET`, `POST`…
    package var method: String
    /// `http` or `https`; other schemes are refused.
    package var url: String
    package var headers: [ClientHeader]
    /// nil: none. An empty body is sent as `Content-Length: 0`.
    package var body: [UInt8]?
    /// For the whole exchange, with name resolution and connecting.
    package var timeout: Duration
    /// nil: not signed.
    package var signing: ClientSigning?
    package var connection: ConnectionSettings
    /// libcurl's `host:port:address` entries, which win over name resolution.
    package var resolve: [String]
    /// An answer with a larger body is an error, `tooLarge`, and is cut off.
    package var maxBodySize: Int

    package init(
        method: String = "GET", url: String, headers: [ClientHeader] = [], body: [UInt8]? = nil,
        timeout: Duration = .seconds(10), signing: ClientSigning? = nil,
        connection: ConnectionSettings = ConnectionSettings(), resolve: [String] = [],
        maxBodySize: Int = 16 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.signing = signing
        self.connection = connection
        self.resolve = resolve
        self.maxBodySize = maxBodySize
    }
}

/// A header line. Names compare without regard to case.
package struct ClientHeader: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What AWS Signature Version 4 needs. Its description tells no secret.
package struct ClientSigning: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package var region: String
    /// The service's signing name, `elasticloadbalancing` for elbv2.
    package var service: String
    package var accessKey: String
    package var secretKey: String
    /// Of temporary credentials; sent as `X-Amz-Security-Token`.
    package var sessionToken: String?

    package init(
        region: String, service: String, accessKey: String, secretKey: String, sessionToken: String? = nil
    ) {
        self.region = region
        self.service = service
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }

    package var description: String { "signing for \(service) in \(region) (keys not shown)" }
    package var debugDescription: String { description }
    /// `dump` and string interpolation of a containing value go through the mirror: it has no children.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A whole answer.
package struct ClientResponse: Sendable {
    package var status: Int
    /// In the order in which they came; those of a 1xx answer before it are not kept.
    package var headers: [ClientHeader]
    package var body: [UInt8]
    /// The address of the peer, nil if libcurl does not know it.
    package var address: String?

    package init(status: Int, headers: [ClientHeader] = [], body: [UInt8] = [], address: String? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.address = address
    }

    /// The value of the first header with this name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as UTF-8, with U+FFFD for what is not.
    package var text: String { String(decoding: body, as: UTF8.self) }
}
