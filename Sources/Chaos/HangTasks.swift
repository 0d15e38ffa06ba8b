import AWS
import Plan

/// `hang N tasks of SERVICE for D`
package struct HangTasks: FaultAction {
    package var count: Int
    package var service: String
    package var zone: String?

    package init(count: Int, service: String, zone: String?) {
        self.count = count
        self.service = service
        self.zone = zone
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        throw .noTarget("under construction")
    }
}
