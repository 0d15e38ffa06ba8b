import ArgumentParser
import Dispatch
import History
import Load
import Plan

/// `loadchaos hit`: load on one URL, without a file and without expectations.
struct Hit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put load on one URL and say how it answered.",
        discussion: """
            Open model: each request is due at its time, however slow the answers are.
              loadchaos hit http://127.0.0.1:8080/ --rate 100/s --for 30s
            Closed model: each user sends its next request when the last has ended.
              loadchaos hit http://127.0.0.1:8080/ --users 64 --for 10s --json

            Exit codes:
              0    measured; a warning says so if the generator was behind
              1    the target went down during the run
              64   wrong usage
              69   the target could not be reached at all
              130  interrupted; what was measured until then is shown
            """)

    @Argument(help: "http:// or https:// URL.")
    var url: HitURL

    @Option(help: "Requests per second or minute: 100/s, 600/m.")
    var rate: RateArgument?

    @Option(help: "Users, each with one request at a time, instead of a rate.")
    var users: Int?

    @Flag(help: "With --rate: requests come independently of each other (Poisson), not at equal distances.")
    var poisson = false

    @Option(help: "With --users: how long each waits between an answer and its next request.")
    var think: DurationArgument?

    @Option(name: .customLong("for"), help: "How long: 30s, 2m, 500ms.")
    var duration: DurationArgument

    @Option(
        name: [.customShort("H"), .customLong("header")], parsing: .unconditionalSingleValue,
        help: "A header, 'Name: value'; may be repeated.")
    var headers: [HeaderArgument] = []

    @Option(name: [.customShort("m"), .customLong("method")], help: "HTTP method; GET, or POST with a body.")
    var method: String?

    @Option(name: [.customShort("d"), .customLong("data")], help: "The body.")
    var body: String?

    @Option(
        name: .customLong("data-file"),
        help: ArgumentHelp(
            "A file whose bytes are the body, as the Content-Type of its ending; at most 1,000,000 bytes.",
            valueName: "file"),
        transform: BodyFile.body)
    var fileBody: Request.Body?

    @Option(
        help: ArgumentHelp(
            "Who sends the requests, as the header 'Authorization: Basic'.", valueName: "user:password"))
    var basic: String?

    @Flag(help: "Follow redirects on the same host, as browsers do; the last answer counts.")
    var follow = false

    @Option(help: "A status that counts as ok; may be repeated. Any 2xx or 3xx unless given.")
    var expect: [Int] = []

    @Option(help: "Wire time allowed to each request.")
    var timeout = DurationArgument(value: Request.defaultTimeout)

    @Option(help: "Time allowed from due to done.")
    var deadline = DurationArgument(value: Request.defaultDeadline)

    @Option(help: "Threads to send from: the CPUs this process may use, unless given.")
    var workers: Int?

    @Option(help: "For the same random choices again.")
    var seed: UInt64?

    @Option(help: "IP address of a node of the target; may be repeated, requests take them in turn.")
    var address: [String] = []

    @Flag(name: .customLong("http2"), help: "HTTP/2, which goes by TLS: for https:// URLs.")
    var isHTTP2 = false

    @Flag(name: .customLong("no-keepalive"), help: "A new connection for each request.")
    var noKeepalive = false

    @Flag(help: "A TLS connection takes up the session of an earlier one, as browsers do.")
    var resume = false

    @OptionGroup(title: "Connections") var connection: ConnectionOptions

    @Flag(help: "JSON on stdout.")
    var json = false

    func validate() throws {
        guard (rate == nil) != (users == nil) else {
            throw ValidationError("say how much load: either --rate 100/s or --users 64")
        }
        if isHTTP2, url.scheme != "https" {
            throw ValidationError("--http2 goes by TLS: \(url.text) must say https")
        }
        if resume, url.scheme != "https" || isHTTP2 {
            throw ValidationError("--resume is for https:// URLs over HTTP/1.1")
        }
        if poisson, users != nil {
            throw ValidationError(
                "--poisson is about a rate: with --users the answers decide when requests come")
        }
        if think != nil, rate != nil {
            throw ValidationError(
                "--think is about users: with --rate requests are due whatever the answers do")
        }
        if let users, users < 1 || users > 100_000 {
            throw ValidationError("--users is \(users), but must be from 1 to 100000")
        }
        if let workers, workers < 1 || workers > 256 {
            throw ValidationError("--workers is \(workers), but must be from 1 to 256")
        }
        if let wrong = expect.first(where: { $0 < 100 || $0 > 599 }) {
            throw ValidationError("--expect \(wrong) is no HTTP status: 100 to 599")
        }
        if let method, Request.Method(rawValue: method.uppercased()) == nil {
            let known = Request.Method.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("-m \(method) is not a method known here: \(known)")
        }
        if body != nil, fileBody != nil {
            throw ValidationError("--data and --data-file are two bodies: leave one of them out")
        }
        // What is refused may be a password: it is not repeated.
        if let basic,
            !basic.contains(":")
                || basic.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        {
            throw ValidationError("--basic is a user and a password on one line, with a colon between them")
        }
        if basic != nil, headers.contains(where: { $0.name.lowercased() == "authorization" }) {
            throw ValidationError("--basic writes the header Authorization itself: leave one of them out")
        }
        if follow, let status = expect.first(where: Request.Redirects.lead) {
            throw ValidationError("--expect \(status) never comes with --follow: leave one of them out")
        }
        if deadline.value < timeout.value {
            throw ValidationError(
                "--deadline \(deadline.value) is shorter than --timeout \(timeout.value): "
                    + "give both, with the deadline the longer")
        }
        if connection.unixSocket != nil, !address.isEmpty {
            throw ValidationError("--unix-socket has no --address: leave one of them out")
        }
    }

    func run() async throws {
        let seed = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        let plan = plan
        let target = LoadTarget(
            scheme: url.scheme, host: url.host, port: url.port, addresses: address,
            connection: connection.settings)
        let wait = Int(timeout.value.inMilliseconds.rounded(.up))
        if let problem = target.unreachable(timeout: wait) {
            Terminal.note("error: \(url.text) cannot be reached: \(problem)")
            throw ExitStatus.unreachable.code
        }
        let doubt = try await Calibration.measure(for: plan, workers: workers)?.doubt(of: plan)
        if let doubt { Terminal.note("warning: \(doubt)") }
        let progress = HitProgress(isShown: !json)
        let history = FoldedHistory(span: RecentSeconds.span(plan)) { progress.show($0, $1) }
        let engine = try LoadEngine(
            plan: plan, target: target, seed: seed, runID: "hit-\(seed)", origin: MonotonicClock.machineTime,
            writer: history, workers: workers)
        let interruption = Interruption()
        interruption.handle { _, _ in engine.stop() }
        let summary = try await engine.play()
        progress.end()
        let report = HitReport(
            name: url.text, seed: seed, summary: summary, seconds: history.seconds)
        print(json ? try report.json() : report.table)
        for warning in history.events.map(\.text) + report.warnings { Terminal.note("warning: \(warning)") }
        if interruption.happened { throw ExitStatus.interrupted.code }
        if report.targetWentDown {
            Terminal.note("error: \(url.text) went down during the run: nothing succeeded after that")
            throw ExitStatus.broken.code
        }
    }

    private var plan: Plan {
        let method =
            method.flatMap { Request.Method(rawValue: $0.uppercased()) }
            ?? (body == nil && fileBody == nil ? .get : .post)
        let request = Request(
            route: "\(method.rawValue) \(url.path)", weight: 1, method: method,
            path: Template(literal: url.path),
            headers: headers.map { Request.Header(name: $0.name, value: Template(literal: $0.value)) },
            body: fileBody
                ?? body.map {
                    Request.Body(
                        contentType: "application/x-www-form-urlencoded", template: Template(literal: $0))
                },
            expectedStatuses: expect, timeout: timeout.value, deadline: deadline.value,
            basic: basic.map { Template(literal: $0) }, redirects: follow ? .followed : .kept)
        let load: LoadModel =
            if let users {
                .closed(
                    users: users, duration: duration.value,
                    think: think.map { ThinkTime(shortest: $0.value, longest: $0.value) } ?? .none)
            } else {
                .open([
                    Phase(
                        .hold, startRate: rate?.perSecond ?? 0, endRate: rate?.perSecond ?? 0,
                        duration: duration.value)
                ])
            }
        return Plan(
            name: url.text, load: load, requests: [request], transport: isHTTP2 ? .http2 : nil,
            arrivals: poisson ? .poisson : .even,
            reconnect: noKeepalive ? .eachRequest : nil, handshakes: resume ? .resumed : .whole)
    }
}
