/// Access logs: one request a line, in the format of the first line that is in one of those known.
struct AccessLog {
    private enum Format: CaseIterable {
        /// The Common Log Format of Apache and nginx; the Combined one has more fields behind it.
        case common
        /// Of AWS's Application Load Balancer.
        case balancer

        func read(_ line: ArraySlice<UInt8>) -> Line {
            switch self {
            case .common: AccessLog.common(line)
            case .balancer: AccessLog.balancer(line)
            }
        }

        func isOf(_ line: ArraySlice<UInt8>) -> Bool {
            if case .otherFormat = read(line) { false } else { true }
        }
    }

    private enum Line {
        case request(RecordedRequest)
        /// A line of this format without a request that can be sent.
        case unusable
        case otherFormat
    }

    /// - Throws: if there are more than `limit`.
    static func read(_ bytes: [UInt8], limit: Int) throws(ReplayProblem) -> RecordedRequests {
        var found = RecordedRequests(unit: .line)
        var format: Format?
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
            format = format ?? Format.allCases.first { $0.isOf(line) }
            guard case .request(let request) = format?.read(line) ?? .otherFormat else {
                found.leaveOut(number + 1)
                continue
            }
            guard found.all.count < limit else { throw .tooMany(limit: limit) }
            found.all.append(request)
        }
        found.isCoarse = format == .common
        return found
    }

    /// `127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326 …`
    private static func common(_ text: ArraySlice<UInt8>) -> Line {
        var line = LogLine(text)
        guard let time = line.bracketedTime(), let request = line.quoted() else { return .otherFormat }
        return RecordedRequest(line: request, time: time, status: line.status()).map(Line.request)
            ?? .unusable
    }

    /// `type time elb client target … elb_status target_status received sent "request" …`
    private static func balancer(_ text: ArraySlice<UInt8>) -> Line {
        var line = LogLine(text)
        guard let type = line.field(), let answered = line.field().flatMap(RecordedTime.iso),
            line.field() != nil, line.field() != nil, line.field() != nil,
            let times = line.seconds(3)
        else { return .otherFormat }
        let status = line.status()
        guard line.field() != nil, line.field() != nil, line.field() != nil, let request = line.quoted()
        else { return .otherFormat }
        // Web sockets and gRPC need more than a request line.
        guard ["http", "https", "h2"].contains(where: { type.elementsEqual($0.utf8) }) else {
            return .unusable
        }
        // The times are -1 where there was no answer.
        let took = times.filter { $0 > 0 }.reduce(0, +)
        let came = line.creationTime() ?? answered - Int64((took * 1e6).rounded())
        return RecordedRequest(line: request, time: came, status: status).map(Line.request) ?? .unusable
    }
}

extension LogLine {
    /// So many fields that are seconds; nil: one is not.
    fileprivate mutating func seconds(_ count: Int) -> [Double]? {
        var seconds: [Double] = []
        for _ in 0..<count {
            guard let value = field().flatMap({ Double(String(decoding: $0, as: UTF8.self)) }),
                value.magnitude < 1e9
            else { return nil }
            seconds.append(value)
        }
        return seconds
    }

    /// `request_creation_time`, behind the request and eight more fields; balancers of before 2018 do not write it.
    fileprivate mutating func creationTime() -> Int64? {
        var line = self
        _ = line.quoted()  // user agent
        for _ in 0..<3 { _ = line.field() }  // cipher, protocol, target group
        for _ in 0..<3 { _ = line.quoted() }  // trace, domain, certificate
        _ = line.field()  // rule
        return line.field().flatMap(RecordedTime.iso)
    }
}
