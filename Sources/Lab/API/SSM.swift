/// AWS Systems Manager: commands run inside tasks.
struct SSM {
    let control: ControlPlane

    func answer(_ action: String, _ given: JSONParameters) async throws(APIError) -> JSONValue {
        throw APIError("UnknownOperationException", "The lab's ssm serves no \(action).")
    }
}
