/// Amazon CloudWatch Logs: what the tasks wrote.
struct Logs {
    let control: ControlPlane

    func answer(_ action: String, _ given: JSONParameters) async throws(APIError) -> JSONValue {
        throw APIError("UnknownOperationException", "The lab's logs serves no \(action).")
    }
}
