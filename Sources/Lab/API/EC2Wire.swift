/// EC2's flavour of the Query protocol: no result element, lists of `<item>`, names in camel case.
enum EC2Wire {
    static let contentType = "text/xml;charset=UTF-8"
    static let namespace = "http://ec2.amazonaws.com/doc/2016-11-15/"

    static func answer(_ action: String, _ result: [XML], id: String) -> String {
        XML.document("\(action)Response", namespace: namespace, [.leaf("requestId", id)] + result)
    }

    static func error(_ error: APIError, id: String) -> String {
        XML.document(
            "Response", namespace: nil,
            [
                .element(
                    "Errors",
                    [.element("Error", [.leaf("Code", error.code), .leaf("Message", error.message)])]),
                .leaf("RequestID", id),
            ])
    }
}
