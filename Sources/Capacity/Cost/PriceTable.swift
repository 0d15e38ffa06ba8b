/// What AWS asks for, in US dollars: on demand, of one region, at one date.
package struct PriceTable: Hashable, Sendable {
    package var region: String
    /// The month in which each was last looked up.
    package var asOf: String
    /// By the hour.
    package var fargateVCPU: Double
    package var fargateGB: Double
    package var natGateway: Double
    package var balancer: Double
    /// By the hour and capacity unit of the balancer (LCU).
    package var balancerUnit: Double
    /// An RDS instance for PostgreSQL in one zone, by the hour and class; two zones are twice that.
    package var database: [String: Double]
    /// By GB of gp3 and month, in one zone.
    package var databaseStorage: Double
    /// What is not as AWS lists it, in words.
    package var remarks: [String]

    package static let hoursPerMonth = 730.0

    /// The regions whose prices are known.
    package static let all: [PriceTable] = [northVirginia, mumbai]

    package static func of(region: String) -> PriceTable? { all.first { $0.region == region } }

    package static let northVirginia = PriceTable(
        region: "us-east-1", asOf: "2026-06", fargateVCPU: 0.04048, fargateGB: 0.004445, natGateway: 0.045,
        balancer: 0.0225, balancerUnit: 0.008,
        database: [
            "db.t3.micro": 0.018, "db.t3.small": 0.036, "db.t3.medium": 0.073, "db.t4g.micro": 0.016,
            "db.t4g.small": 0.032, "db.t4g.medium": 0.065,
        ], databaseStorage: 0.115, remarks: [])

    /// Fargate's prices are those of a bill of May 2026, the gateway's, the balancer's and db.t4g.micro's of one of
    /// September 2026.
    package static let mumbai = PriceTable(
        region: "ap-south-1", asOf: "2026-09", fargateVCPU: 0.04257, fargateGB: 0.004445, natGateway: 0.056,
        balancer: 0.0239, balancerUnit: 0.008,
        database: ["db.t4g.micro": 0.021].merging(
            northVirginia.database.mapValues { $0 * 0.021 / 0.016 }, uniquingKeysWith: { known, _ in known }),
        databaseStorage: 0.115 * 0.021 / 0.016,
        remarks: [
            "prices of RDS but db.t4g.micro's are us-east-1's, times the ratio of db.t4g.micro's in the two regions"
        ])
}
