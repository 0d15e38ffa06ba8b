/// AWS's Query protocol (sts, elbv2): form in, XML out with a result element; lists of `<member>`.
enum QueryWire {
    static let contentType = "text/xml"

    static func answer(_ action: String, namespace: String, _ result: [XML], id: String) -> String {
        XML.document(
            "\(action)Response", namespace: namespace,
            [
                .element("\(action)Result", result),
                .element("ResponseMetadata", [.leaf("RequestId", id)]),
            ])
    }

    static func error(_ error: APIError, namespace: String?, id: String) -> String {
        XML.document(
            "ErrorResponse", namespace: namespace,
            [
                .element(
                    "Error",
                    [
                        .leaf("Type", error.status < 500 ? "Sender" : "Receiver"), .leaf("Code", error.code),
                        .leaf("Message", error.message),
                    ]),
                .leaf("RequestId", id),
            ])
    }
}
