import AWS
import Plan

/// `lose zone Z for D`
package struct LoseZone: FaultAction {
    package var zone: String

    package init(zone: String) {
        self.zone = zone
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        throw .noTarget("under construction")
    }
}
