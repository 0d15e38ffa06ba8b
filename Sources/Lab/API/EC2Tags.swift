/// EC2's ways to give tags.
enum EC2Tags {
    /// `Tag.1.Key=…&Tag.1.Value=…`; a value may be absent.
    static func rows(_ form: FormParameters, _ prefix: String) -> [(key: String, value: String?)] {
        form.indices(prefix).compactMap { index in
            form["\(prefix).\(index).Key"].map { ($0, form["\(prefix).\(index).Value"]) }
        }
    }

    /// `TagSpecification.1.ResourceType=network-acl&TagSpecification.1.Tag.1.Key=…`
    static func specified(_ form: FormParameters, for type: String) throws(APIError) -> [Tag] {
        var tags: [Tag] = []
        for index in form.indices("TagSpecification") {
            let prefix = "TagSpecification.\(index)"
            guard form["\(prefix).ResourceType"] == type else {
                let given = form["\(prefix).ResourceType"] ?? ""
                throw APIError(
                    "InvalidParameterValue", "'\(given)' is not a valid taggable resource type for this call."
                )
            }
            tags += rows(form, "\(prefix).Tag").map { Tag(key: $0.key, value: $0.value ?? "") }
        }
        return tags
    }
}
