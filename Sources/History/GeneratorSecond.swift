/// How the generator itself did in one real second.
package struct GeneratorSecond: Hashable, Sendable {
    package var second: Int
    /// sent − due, of requests sent in this second for which a free slot was there at their due time.
    package var lateness = LatencyHistogram()
    /// CPU of the busiest worker thread, 0…1 of a core.
    package var cpuFraction: Double
    /// How much of the second a worker thread was ready to run and had no core, the worst of them; 0…1.
    package var waitFraction: Double = 0
    /// Requests open at the end of the second.
    package var inFlight: Int
    package var connections: Int

    package init(second: Int, cpuFraction: Double = 0, inFlight: Int = 0, connections: Int = 0) {
        self.second = second
        self.cpuFraction = cpuFraction
        self.inFlight = inFlight
        self.connections = connections
    }
}
