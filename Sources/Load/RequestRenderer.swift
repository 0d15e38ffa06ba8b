import HTTP
package import Plan

/// The bytes of each request of a stream, a pure function of its index: the one source for what is sent and what the
/// ledger keeps.
///
/// The draws of a request are taken in the order route, path, headers, user and password, body.
package final class RequestRenderer: @unchecked Sendable {
    // Thread safety: nothing changes after init; callers bring the buffers that are written to.

    private struct Route {
        /// Method and path, the fixed headers, the plan's headers; up to the framing of the body.
        var opening: CompiledTemplate.Text
        var path: CompiledTemplate
        var fixedHeaders: CompiledTemplate.Text
        /// Those of them that a request without its body has.
        var bodilessHeaders: CompiledTemplate.Text
        var headers: [Header]
        var credentials: CompiledTemplate?
        var body: CompiledTemplate?
        /// Its length is known before it is written.
        var hasConstantBody: Bool
        /// False: the plan has its own Content-Length.
        var writesLength: Bool
        /// Methods whose meaning asks for a body say so when it is empty (RFC 9110 §8.6).
        var writesEmptyLength: Bool
        /// False: the plan has its own Cookie.
        var writesCookies: Bool
        /// The whole request, if no part of it is drawn.
        var constant: RequestBuffer?
    }

    private struct Header {
        /// With what stands between it and the value.
        var name: CompiledTemplate.Text
        var value: CompiledTemplate
        /// A request without its body has none.
        var isOfBody: Bool
    }

    private let routes: [Route]
    private let requests: [Request]
    private let tables: [DataTable]
    private let columns: CompiledColumns
    private let cumulativeWeights: [Double]
    /// Of a replay: which request each index takes.
    private let recorded: [UInt8]?
    private let seed: UInt64
    private let numbering: Numbering
    private let runID: String
    private let runHash: UInt64
    /// Room that any request of the plan fits in.
    package let longest: Int

    private static let lengthName: StaticString = "Content-Length: "
    private static let credentialsName: StaticString = "Authorization: Basic "
    private static let lineEnd: StaticString = "\r\n"

    /// - Parameter plan: of one stream.
    package init(
        plan: Plan, authority: String, userAgent: String, seed: UInt64, runID: String,
        numbering: Numbering = Numbering()
    ) {
        requests = plan.requests
        self.seed = seed
        self.numbering = numbering
        self.runID = runID
        runHash = Draw.hash(runID)
        cumulativeWeights = plan.cumulativeWeights
        tables = plan.tables
        recorded = plan.streams[0].load.replay?.routes
        let columns = CompiledColumns(plan.tables)
        self.columns = columns
        var routes = plan.requests.map {
            Self.compile($0, plan, columns, authority: authority, userAgent: userAgent)
        }
        let cookies = plan.streams[0].journey == nil ? 0 : CookieJar.textLimit + 2 * CookieJar.countLimit + 16
        let follows = plan.requests.contains { $0.redirects == .followed }
        longest =
            cookies + (follows ? RedirectChains.pathLimit : 0) + (routes.map(Self.longest).max() ?? 1)
        for i in routes.indices where Self.isConstant(plan.requests[i]) {
            let room = Self.longest(routes[i])
            var buffer = RequestBuffer(capacity: room)
            let scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: room)
            defer { scratch.deallocate() }
            var draw = Draw(seed: seed, runHash: runHash, index: 0)
            Self.write(routes[i], to: &buffer, scratch, &draw, nil)
            routes[i].constant = buffer
        }
        self.routes = routes
    }

    deinit {
        for route in routes {
            route.opening.deallocate()
            route.path.free()
            route.fixedHeaders.deallocate()
            route.bodilessHeaders.deallocate()
            for header in route.headers {
                header.name.deallocate()
                header.value.free()
            }
            route.credentials?.free()
            route.body?.free()
            route.constant?.free()
        }
    }

    /// What request `index` of the stream draws from.
    @inline(__always)
    private func draw(_ index: UInt64) -> Draw {
        Draw(seed: seed, runHash: runHash, index: numbering(index))
    }

    /// Which request of the mix, or of the replay, the index takes.
    package func route(of index: UInt64) -> Int {
        if requests.count == 1 { return 0 }
        var draw = draw(index)
        return route(&draw)
    }

    private func route(_ draw: inout Draw) -> Int {
        if let recorded { return Int(recorded[Int(draw.index)]) }
        return draw.pick(cumulativeWeights)
    }

    /// The whole request. `scratch` is as long as `longest`, as is the buffer.
    package func render(
        _ index: UInt64, into buffer: inout RequestBuffer, scratch: UnsafeMutablePointer<UInt8>
    ) {
        var draw = draw(index)
        let route = route(&draw)
        Self.write(routes[route], to: &buffer, scratch, &draw, nil)
    }

    /// The request of a step of a journey, as the user on this visit sends it.
    func render(
        _ index: UInt64, _ step: Int, of visit: UnsafePointer<Visit>, into buffer: inout RequestBuffer,
        scratch: UnsafeMutablePointer<UInt8>
    ) {
        var draw = draw(index)
        Self.write(routes[step], to: &buffer, scratch, &draw, visit)
    }

    /// The request once more, where an answer has led it to: what is drawn for it is the same as before.
    func render(
        _ index: UInt64, _ route: Int, at redirect: Redirect, of visit: UnsafePointer<Visit>?,
        into buffer: inout RequestBuffer, scratch: UnsafeMutablePointer<UInt8>
    ) {
        var draw = draw(index)
        // In a mix the first draw is the route's.
        if visit == nil { _ = self.route(&draw) }
        Self.write(routes[route], to: &buffer, scratch, &draw, visit, redirect)
    }

    /// The request, if it is the same for every index.
    @inline(__always)
    func constant(route: Int) -> UnsafeRawBufferPointer? { routes[route].constant?.bytes }

    /// What the ledger keeps of a tracked request; nil for another. A file is no body here: its bytes are in the plan.
    package func ledgerFacts(_ index: UInt64) -> (route: Int, key: String, readPath: String, body: String)? {
        let route = route(of: index)
        guard let tracking = requests[route].tracking else { return nil }
        var buffer = RequestBuffer(capacity: longest)
        let scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: longest)
        defer {
            buffer.free()
            scratch.deallocate()
        }
        render(index, into: &buffer, scratch: scratch)
        var draw = draw(index)
        return (
            route, draw.uuid, tracking.readBack.render(&draw, tables: tables),
            requests[route].body?.template == nil ? "" : String(decoding: buffer.body, as: UTF8.self)
        )
    }

    // MARK: - Compiling

    private static func compile(
        _ request: Request, _ plan: Plan, _ columns: CompiledColumns, authority: String, userAgent: String
    ) -> Route {
        let given = Set(request.headers.map { $0.name.lowercased() })
        var fixed = " HTTP/1.1\r\n"
        func add(_ name: String, _ value: String) {
            if !given.contains(name.lowercased()) { fixed += "\(name): \(value)\r\n" }
        }
        add("Host", authority)
        add("User-Agent", userAgent)
        add("Accept", "*/*")
        if plan.streams[0].reconnect == .eachRequest { add("Connection", "close") }
        let bodiless = fixed
        if let body = request.body { add("Content-Type", body.contentType) }
        return Route(
            opening: CompiledTemplate.copy(request.method.rawValue + " "),
            path: CompiledTemplate(request.path, columns),
            fixedHeaders: CompiledTemplate.copy(fixed),
            bodilessHeaders: CompiledTemplate.copy(bodiless),
            headers: request.headers.map {
                Header(
                    name: CompiledTemplate.copy("\($0.name): "), value: CompiledTemplate($0.value, columns),
                    isOfBody: $0.name.lowercased().hasPrefix("content-"))
            },
            credentials: request.basic.map { CompiledTemplate($0, columns) },
            body: request.body.map { body in
                switch body.content {
                case .template(let template): CompiledTemplate(template, columns)
                case .bytes(let bytes): CompiledTemplate(bytes)
                }
            },
            hasConstantBody: request.body?.isConstant ?? false,
            writesLength: !given.contains("content-length") && !given.contains("transfer-encoding"),
            writesEmptyLength: [.post, .put, .patch].contains(request.method),
            writesCookies: !given.contains("cookie"),
            constant: nil)
    }

    private static func longest(_ route: Route) -> Int {
        let headers = route.headers.reduce(0) { $0 + $1.name.count + $1.value.longest + 2 }
        let credentials = route.credentials.map {
            credentialsName.utf8CodeUnitCount + RequestBuffer.base64Length($0.longest) + 2
        }
        let framing = lengthName.utf8CodeUnitCount + 20 + 4
        return route.opening.count + route.path.longest + route.fixedHeaders.count + headers
            + (credentials ?? 0) + framing + (route.body?.longest ?? 0)
    }

    private static func isConstant(_ request: Request) -> Bool {
        request.path.isConstant && request.headers.allSatisfy { $0.value.isConstant }
            && request.basic?.isConstant ?? true && request.body?.isConstant ?? true
    }

    private static func write(
        _ route: Route, to buffer: inout RequestBuffer, _ scratch: UnsafeMutablePointer<UInt8>,
        _ draw: inout Draw, _ visit: UnsafePointer<Visit>?, _ redirect: Redirect? = nil
    ) {
        buffer.clear()
        let isBodiless = redirect?.isBodiless ?? false
        if isBodiless { buffer.append("GET ") } else { buffer.append(route.opening) }
        let pathStart = buffer.count
        route.path.write(to: &buffer, &draw, visit)
        if let redirect {
            // Written all the same, for its draws.
            buffer.truncate(to: pathStart)
            buffer.append(redirect.path)
        }
        let pathEnd = buffer.count
        buffer.append(isBodiless ? route.bodilessHeaders : route.fixedHeaders)
        for header in route.headers {
            let start = buffer.count
            buffer.append(header.name)
            header.value.write(to: &buffer, &draw, visit)
            buffer.append(lineEnd)
            if isBodiless, header.isOfBody { buffer.truncate(to: start) }
        }
        if let credentials = route.credentials {
            buffer.append(credentialsName)
            let start = buffer.count
            credentials.write(to: &buffer, &draw, visit)
            buffer.encodeBase64(from: start, scratch: scratch)
            buffer.append(lineEnd)
        }
        if let visit, route.writesCookies { buffer.append(visit.pointee.jar, path: pathStart..<pathEnd) }
        if isBodiless {
            buffer.append(lineEnd)
            buffer.bodyStart = buffer.count
        } else {
            writeBody(route, to: &buffer, scratch, &draw, visit)
        }
    }

    /// With the length before it.
    private static func writeBody(
        _ route: Route, to buffer: inout RequestBuffer, _ scratch: UnsafeMutablePointer<UInt8>,
        _ draw: inout Draw, _ visit: UnsafePointer<Visit>?
    ) {
        let writesLength = route.writesLength && (route.body != nil || route.writesEmptyLength)
        func endHead(_ buffer: inout RequestBuffer, length: Int) {
            if writesLength {
                buffer.append(lengthName)
                buffer.append(number: UInt64(length))
                buffer.append(lineEnd)
            }
            buffer.append(lineEnd)
        }
        if route.hasConstantBody, let body = route.body {
            endHead(&buffer, length: body.longest)
            buffer.bodyStart = buffer.count
            body.write(to: &buffer, &draw, visit)
            return
        }
        let headEnd = buffer.count
        // The body comes before its length is known: written in place, then moved behind the length.
        route.body?.write(to: &buffer, &draw, visit)
        let length = buffer.count - headEnd
        buffer.insert(at: headEnd, scratch: scratch) { endHead(&$0, length: length) }
        buffer.bodyStart = buffer.count - length
    }
}
