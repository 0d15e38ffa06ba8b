/// Where a service's tasks get their interfaces: `awsvpcConfiguration`. A change makes ECS roll the service out anew.
package struct ECSNetwork: Hashable, Codable, Sendable {
    package var subnets: [String]
    package var securityGroups: [String]?
    /// ENABLED or DISABLED.
    package var assignPublicIp: String?

    package init(subnets: [String], securityGroups: [String]? = nil, assignPublicIp: String? = nil) {
        self.subnets = subnets
        self.securityGroups = securityGroups
        self.assignPublicIp = assignPublicIp
    }

    struct Wire: Codable {
        var awsvpcConfiguration: ECSNetwork?
    }
}

extension ECS {
    /// Moves a service to other subnets. Groups and public addresses must be given again, or ECS drops them.
    @discardableResult
    package func updateService(
        cluster: String, service: String, network: ECSNetwork
    ) async throws(AWSError) -> ECSService {
        struct Input: Encodable {
            var cluster: String
            var service: String
            var networkConfiguration: ECSNetwork.Wire
        }
        struct Answer: Decodable {
            var service: ECSService.Wire
        }
        let input = Input(
            cluster: cluster, service: service,
            networkConfiguration: ECSNetwork.Wire(awsvpcConfiguration: network))
        let answer: Answer = try await call("UpdateService", input)
        return ECSService(answer.service)
    }
}
