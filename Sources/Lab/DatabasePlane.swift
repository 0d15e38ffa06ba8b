/// What the control plane asks of the machine about the two database instances, which it names by their zones.
package protocol DatabasePlane: Sendable {
    /// One look at both over the VPC; over within a second, whatever hangs.
    func lookAtDatabase(primary: String, standby: String) async -> DatabaseReading

    /// What the server says of its version, `15.18`; nil if it does not answer.
    func databaseVersion(_ zone: String) async -> String?

    /// Whether the primary's commits wait until the standby has them on its disk.
    func setCommitsWait(_ wait: Bool, at primary: String) async throws

    /// Brings an instance that does not run up as the standby of `primary`: as it is, rewound to where it parted from
    /// the primary, or as a copy of it. `fresh`: as a copy in any case. Returns when it takes connections.
    func joinStandby(_ zone: String, to primary: String, fresh: Bool) async throws

    /// Ends every process of the instance at once, with SIGKILL. Returns when none is left: from then on nothing can
    /// be written there.
    func fenceDatabase(_ zone: String) async throws

    /// Makes the standby a primary. Returns when it takes writes.
    func promoteDatabase(_ zone: String) async throws

    /// Starts the instance as a primary, after an orderly stop if it runs. Returns when it takes writes.
    func restartDatabase(_ zone: String) async throws

    /// An orderly stop: what was committed is on the disk. One that does not run is no error.
    func stopDatabase(_ zone: String) async throws

    /// The endpoint of the application leads to this instance from now on; sessions with the other one are cut.
    func pointEndpoint(at zone: String) async
}

/// What one look at the database has shown.
package struct DatabaseReading: Hashable, Sendable {
    package struct Instance: Hashable, Sendable {
        /// Its first process is there.
        package var runs: Bool
        /// It answers a query that comes from the other instance's subnet.
        package var answers: Bool
        /// Its own subnet's gateway does not answer it, so nobody reaches it. False as long as all is well: then it is
        /// not asked.
        package var isCutOff: Bool

        package init(runs: Bool = true, answers: Bool = true, isCutOff: Bool = false) {
            self.runs = runs
            self.answers = answers
            self.isCutOff = isCutOff
        }
    }

    /// What the primary says of its standby.
    package enum Replication: Hashable, Sendable {
        /// Not known, because the primary does not answer, or there is none.
        case none
        /// It has not yet got all there is.
        case catchingUp
        /// It has, and commits do not wait for it.
        case streaming
        /// It has, and they do.
        case synchronous
    }

    package var primary: Instance
    package var standby: Instance
    package var replication: Replication

    package init(primary: Instance, standby: Instance, replication: Replication) {
        self.primary = primary
        self.standby = standby
        self.replication = replication
    }
}
