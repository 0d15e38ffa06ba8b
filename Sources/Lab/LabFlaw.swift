/// A misconfiguration that a lab can be given on purpose (`lab up --bad`): the scenario that guards against it must say
/// *broken*. Each is a real one: settings differ, nothing is faked.
package enum LabFlaw: String, Codable, CaseIterable, Sendable {
    case asyncStandby = "async-standby"
    case oneZone = "one-zone"
    case noHealthChecks = "no-health-checks"
    case slowScaling = "slow-scaling"
    case noRollback = "no-rollback"
    case leakySecurityGroup = "leaky-security-group"
    case redisRequired = "redis-required"
    case slowDatabase = "slow-database"
    case smallPool = "small-pool"
    case singleNginx = "single-nginx"

    /// What is wrong with such a lab, for `lab status` and every report of a run on it.
    package var words: String {
        switch self {
        case .asyncStandby:
            "bad on purpose: the database's standby is asynchronous, and commits do not wait for the disk"
        case .oneZone: "bad on purpose: all tasks of all services are placed in one zone"
        case .noHealthChecks: "bad on purpose: the balancer does not check its targets"
        case .slowScaling: "bad on purpose: the scale-out alarm needs ten times as long"
        case .noRollback: "bad on purpose: deployments have no circuit breaker"
        case .leakySecurityGroup: "bad on purpose: the database's security group lets everybody in"
        case .redisRequired: "bad on purpose: the application cannot answer without Redis"
        case .slowDatabase: "bad on purpose: the database has a twentieth of its CPU"
        case .smallPool:
            "bad on purpose: a Flask task has one connection to the database, held for 40 ms at a time"
        case .singleNginx: "bad on purpose: there is one task of nginx, and never another"
        }
    }
}
