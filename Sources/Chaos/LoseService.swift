import AWS
import Plan

/// `lose SERVICE for D`
package struct LoseService: FaultAction {
    package var service: String

    package init(service: String) {
        self.service = service
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        throw .noTarget("under construction")
    }
}
