import AWS
import Plan

/// `interrupt N tasks of SERVICE`
package struct InterruptSpot: FaultAction {
    package var count: Int
    package var service: String

    package init(count: Int, service: String) {
        self.count = count
        self.service = service
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        throw .noTarget("under construction")
    }
}
