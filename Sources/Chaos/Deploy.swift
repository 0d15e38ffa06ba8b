import AWS
package import Plan

/// `deploy SERVICE`
package struct Deploy: FaultAction {
    package var service: String
    package var release: Fault.Release

    package init(service: String, release: Fault.Release) {
        self.service = service
        self.release = release
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        throw .noTarget("under construction")
    }
}
