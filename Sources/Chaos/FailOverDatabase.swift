import AWS
import Plan

/// `fail over database`
package struct FailOverDatabase: FaultAction {
    package init() {}

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        throw .noTarget("under construction")
    }
}
