import ArgumentParser
import Foundation
import HTTP

/// How connections to the target are made: shared by the verbs that send to one.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "PEM file of the authorities to trust.")
    var cacert: String?

    @Flag(help: "Accept any certificate.")
    var insecure = false

    @Option(help: "PEM file of our own certificate, for a server that asks who we are.")
    var cert: String?

    @Option(help: "PEM file of its key, unless that is in the same file.")
    var key: String?

    @Option(
        name: .customLong("servername"),
        help: "The name that TLS asks for and the certificate must have; the URL's host unless given.")
    var serverName: String?

    @Option(help: ArgumentHelp("Connect to this socket, whatever host the URL names.", valueName: "path"))
    var unixSocket: String?

    @Option(
        help: ArgumentHelp(
            "Tunnel each connection through this one: http://…, socks5h://….", valueName: "url"))
    var proxy: String?

    @Option(
        help: ArgumentHelp(
            """
            Address of this machine that connections come from; may be repeated, they take turns. Each has its own \
            ports, so that more connections can be open.
            """, valueName: "address"))
    var source: [String] = []

    func validate() throws {
        for (option, file) in [("--cacert", cacert), ("--cert", cert), ("--key", key)] {
            if let file, !FileManager.default.isReadableFile(atPath: file) {
                throw ValidationError("\(option) \(file) cannot be read")
            }
        }
        if let key, cert == nil { throw ValidationError("--key \(key) is of no use without --cert") }
        if unixSocket != nil, proxy != nil || !source.isEmpty {
            throw ValidationError("--unix-socket needs no network: leave out --proxy and --source")
        }
        if let proxy, !Self.proxySchemes.contains(where: { proxy.hasPrefix("\($0)://") }) {
            let known = Self.proxySchemes.map { "\($0)://" }.joined(separator: ", ")
            throw ValidationError("--proxy \(proxy) begins with none of \(known)")
        }
        if proxy?.contains("@") == true {
            throw ValidationError(
                "--proxy has a name and password, which would stay in recordings: use one without")
        }
        if let wrong = source.first(where: { !Self.isAddress($0) }) {
            throw ValidationError("--source \(wrong) is no IP address")
        }
    }

    var settings: ConnectionSettings {
        var settings = ConnectionSettings()
        settings.authorities = cacert
        settings.verifiesPeer = !insecure
        (settings.certificate, settings.key) = (cert, key)
        settings.serverName = serverName
        settings.unixSocket = unixSocket
        settings.proxy = proxy
        settings.sources = source
        return settings
    }

    /// As they would be typed.
    var words: [String] {
        var words = insecure ? ["--insecure"] : []
        let given = [
            ("--cacert", cacert), ("--cert", cert), ("--key", key), ("--servername", serverName),
            ("--unix-socket", unixSocket), ("--proxy", proxy),
        ]
        for case (let option, let value?) in given { words += [option, value] }
        return words + source.flatMap { ["--source", $0] }
    }

    private static let proxySchemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]

    private static func isAddress(_ text: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
    }
}
