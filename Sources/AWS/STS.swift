/// Security Token Service: who we are.
package struct STS: Sendable {
    let wire: Wire

    package struct CallerIdentity: Hashable, Sendable {
        /// Twelve digits.
        package var account: String
        package var arn: String

        package init(account: String, arn: String) {
            self.account = account
            self.arn = arn
        }
    }

    package func getCallerIdentity() async throws(AWSError) -> CallerIdentity {
        let action = "GetCallerIdentity"
        let root = try await wire.form(.sts, action, Form(action: action, version: "2011-06-15"))
        let result = root["GetCallerIdentityResult"]
        guard let account = result?.text("Account") else {
            throw AWSError(service: "sts", action: action, kind: .badAnswer("no Account"))
        }
        return CallerIdentity(account: account, arn: result?.text("Arn") ?? "")
    }
}
