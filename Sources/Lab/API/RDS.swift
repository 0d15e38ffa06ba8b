/// Amazon RDS: the Multi-AZ database instance.
struct RDS {
    static let version = "2014-10-31"
    static let namespace = "http://rds.amazonaws.com/doc/2014-10-31/"

    let control: ControlPlane

    func answer(_ form: FormParameters) async throws(APIError) -> (String, [XML]) {
        throw APIError(
            "InvalidAction", "Could not find operation \(form["Action"] ?? "") for version \(Self.version)")
    }
}
