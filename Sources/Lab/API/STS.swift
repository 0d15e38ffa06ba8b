/// AWS Security Token Service: who am I.
struct STS {
    static let version = "2011-06-15"
    static let namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

    let control: ControlPlane

    func answer(_ form: FormParameters) async throws(APIError) -> (String, [XML]) {
        let action = form["Action"] ?? ""
        guard action == "GetCallerIdentity" else {
            throw APIError("InvalidAction", "Could not find operation \(action) for version \(Self.version)")
        }
        let account = control.settings.account
        return (
            action,
            [
                .leaf("Arn", "arn:aws:iam::\(account):user/loadchaos-lab"),
                .leaf("UserId", "AIDALOADCHAOSLAB00000"),
                .leaf("Account", account),
            ]
        )
    }
}
