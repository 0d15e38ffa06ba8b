/// Amazon CloudWatch: metrics and alarms, in JSON and in Query.
struct CloudWatch {
    static let version = "2010-08-01"
    static let namespace = "http://monitoring.amazonaws.com/doc/2010-08-01/"

    let control: ControlPlane

    func answer(_ action: String, _ given: JSONParameters) async throws(APIError) -> JSONValue {
        throw APIError("UnknownOperationException", "The lab's monitoring serves no \(action).")
    }

    func answer(_ form: FormParameters) async throws(APIError) -> (String, [XML]) {
        throw APIError(
            "InvalidAction", "Could not find operation \(form["Action"] ?? "") for version \(Self.version)")
    }
}
