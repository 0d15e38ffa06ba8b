/// A recorded load, played with its own timing: when each request comes, and which of the Plan's requests it is.
///
/// What each of them says, its path above all, is a row of a table whose turns are the requests in their order.
package struct Replay: Hashable, Codable, Sendable {
    /// From one request to the next, in microseconds on the scenario clock; the first: from the start of the load.
    ///
    /// Distances rather than times, as they are short in a recording's JSON.
    package let gaps: [Int64]
    /// Indices of the Plan's requests, as many as there are gaps. A Byte holds the few routes that charts can show.
    package let routes: [UInt8]
    /// On the scenario clock; after the last request.
    package let duration: Nanoseconds

    /// - Parameter offsets: from the start of the load, on the scenario clock, ascending; kept to the microsecond.
    package init(offsets: [Nanoseconds], routes: [UInt8], duration: Nanoseconds) {
        precondition(offsets.count == routes.count, "each request has a time and a route")
        var before: Int64 = 0
        gaps = offsets.map { offset in
            let time = offset.count / 1_000
            defer { before = time }
            return time - before
        }
        self.routes = routes
        self.duration = duration
    }

    package var count: Int { gaps.count }

    /// When each request is due, from the start of the load on the scenario clock.
    package var offsets: [Nanoseconds] {
        var time: Int64 = 0
        return gaps.map { gap in
            time += gap
            return .microseconds(time)
        }
    }

    /// The most requests that come within any stretch of the scenario clock so long.
    package func most(within stretch: Nanoseconds) -> Int {
        let offsets = offsets
        var most = 0
        var first = 0
        for (last, offset) in offsets.enumerated() {
            while offset - offsets[first] >= stretch, first < last { first += 1 }
            most = max(most, last - first + 1)
        }
        return most
    }
}

extension LoadModel {
    /// nil: its requests are not recorded ones.
    package var replay: Replay? {
        if case .replay(let replay) = self { replay } else { nil }
    }
}
