import AWS

extension AWSPlatform {
    /// How a person's command to a service of this platform begins: `aws ecs --region ap-south-1`, with the endpoint
    /// where that is not AWS's own.
    func command(_ service: String) -> String {
        let endpoints = configuration.endpoints
        let url = (endpoints.byService[service] ?? endpoints.all).map { " --endpoint-url \($0)" } ?? ""
        return "aws \(service) --region \(configuration.region)\(url)"
    }
}
