import Plan

/// How often redirects could not be followed, and what is said of it.
struct RedirectTroubles {
    enum Kind: Int, CaseIterable {
        case elsewhere
        case tooMany
        case nowhere
    }

    /// Bytes of a host's name that are kept for the warning.
    private static let nameLimit = 256

    private let counts: TroubleCounts
    /// By route: the host that the first one led to.
    private let names: UnsafeMutableBufferPointer<UInt8>
    private let nameCounts: UnsafeMutableBufferPointer<Int>

    init(routes: Int) {
        counts = TroubleCounts(places: routes, kinds: Kind.allCases.count)
        names = .allocate(capacity: routes * Self.nameLimit)
        names.initialize(repeating: 0)
        nameCounts = .allocate(capacity: routes)
        nameCounts.initialize(repeating: 0)
    }

    func free() {
        counts.free()
        names.deallocate()
        nameCounts.deallocate()
    }

    /// - Parameter name: where it led to, without path and query: what they hold may be somebody's secret.
    func count(
        _ kind: Kind, _ route: Int,
        _ name: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) {
        counts.add(kind.rawValue, at: route)
        guard nameCounts[route] == 0 else { return }
        nameCounts[route] = min(name.count, Self.nameLimit)
        for place in 0..<nameCounts[route] { names[route * Self.nameLimit + place] = name[place] }
    }

    private func name(_ route: Int) -> String? {
        guard nameCounts[route] > 0 else { return nil }
        let start = route * Self.nameLimit
        return String(decoding: names[start..<(start + nameCounts[route])], as: UTF8.self)
    }

    /// A line for each request and kind of trouble, with those of all workers together.
    static func warnings(_ all: [RedirectTroubles], _ plan: Plan) -> [String] {
        var lines: [String] = []
        for (number, request) in plan.requests.enumerated() {
            for kind in Kind.allCases {
                let count = all.reduce(0) { $0 + $1.counts.of(kind.rawValue, at: number) }
                guard count > 0 else { continue }
                let name = all.lazy.compactMap { $0.name(number) }.first ?? "another host"
                lines.append(words(count, kind, of: request, to: name))
            }
        }
        return lines
    }

    private static func words(_ count: Int, _ kind: Kind, of request: Request, to name: String) -> String {
        let answers = "\(count) answer\(count == 1 ? "" : "s") of \(request.route)"
        let fault =
            switch kind {
            case .elsewhere:
                "led away from the target, the first to \(name), and load goes only to the target; load that one, "
                    + "or leave `follow` out"
            case .tooMany:
                "led on after \(RedirectChains.limit) redirects in a row; see where curl -iL goes"
            case .nowhere:
                "had no Location in the first \(Visits.headRoom) bytes of the head that is a URL of at most "
                    + "\(RedirectChains.pathLimit) bytes; see what curl -i shows of one"
            }
        return "follow: \(answers) \(fault). They count as failed, redirect"
    }
}
