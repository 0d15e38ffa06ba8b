import Foundation
package import Loopback

/// The lab's AWS: answers one request. Needs no socket; `LoopbackServer` puts it on one.
///
/// The service is known by `X-Amz-Target`, else by the credential scope, else by the action's version.
/// Signatures are not verified, but a request must look signed.
package struct LabAPI: Sendable {
    /// Larger bodies are refused unread: no call here needs a tenth of it.
    package static let bodyLimit = 1 << 20

    let control: ControlPlane
    let requestIDs: RequestIDs

    package init(control: ControlPlane) {
        self.control = control
        requestIDs = RequestIDs(seed: control.settings.seed)
    }

    /// Never fails: what goes wrong is an answer too.
    package func answer(_ request: LoopbackRequest) async -> LoopbackAnswer {
        let id = await requestIDs.next()
        let call = Call(request)
        let (status, type, body) = await answer(call, id: id)
        return LoopbackAnswer(
            status: status,
            headers: [
                ("Content-Type", type), ("x-amzn-RequestId", id),
                ("Date", CalendarText.http(control.clock.calendar(control.clock.now))),
            ], body: body)
    }

    private func answer(_ call: Call, id: String) async -> (Int, String, String) {
        do throws(APIError) {
            try call.check()
            switch call.service {
            case .json(let service, let action):
                let answer = try await answer(service, action, try JSONParameters(call.request.body))
                return (200, service.contentType, answer.text)
            case .form(let service):
                let (action, result) = try await answer(service, try call.form())
                return service == .ec2
                    ? (200, EC2Wire.contentType, EC2Wire.answer(action, result, id: id))
                    : (
                        200, QueryWire.contentType,
                        QueryWire.answer(action, namespace: service.namespace, result, id: id)
                    )
            case .rest(let route):
                let answer = try await FIS(control: control).answer(route, call.request.body)
                return (200, "application/json", answer.text)
            case .unknown: throw call.unknownService
            }
        } catch {
            return call.tell(error, id: id)
        }
    }
}

extension LabAPI {
    private func answer(
        _ service: JSONService, _ action: String, _ given: JSONParameters
    ) async throws(APIError) -> JSONValue {
        switch service {
        case .ecs: try await ECS(control: control).answer(action, given)
        case .applicationAutoScaling: try await ApplicationAutoScaling(control: control).answer(action, given)
        case .cloudWatch: try await CloudWatch(control: control).answer(action, given)
        case .logs: try await Logs(control: control).answer(action, given)
        case .ssm: try await SSM(control: control).answer(action, given)
        }
    }

    private func answer(
        _ service: FormService, _ form: FormParameters
    ) async throws(APIError) -> (String, [XML]) {
        switch service {
        case .sts: try await STS(control: control).answer(form)
        case .elasticLoadBalancing: try await ELBv2(control: control).answer(form)
        case .ec2: try await EC2(control: control).answer(form)
        case .rds: try await RDS(control: control).answer(form)
        case .cloudWatch: try await CloudWatch(control: control).answer(form)
        }
    }
}

/// Draws the ids of answers.
actor RequestIDs {
    private var ids: ResourceIDs

    init(seed: UInt64) { ids = ResourceIDs(seed: seed &+ 1) }

    func next() -> String { ids.uuid() }
}
