import Foundation

extension Request {
    /// What a request carries.
    package struct Body: Hashable, Sendable {
        package enum Content: Hashable, Sendable {
            case template(Template)
            /// Of a file: the same in every request, and not always text.
            case bytes([UInt8])
        }

        /// Sent as Content-Type unless a header says otherwise.
        package var contentType: String
        package var content: Content

        package init(contentType: String, template: Template) {
            self.contentType = contentType
            content = .template(template)
        }

        package init(contentType: String, bytes: [UInt8]) {
            self.contentType = contentType
            content = .bytes(bytes)
        }

        /// nil: it is a file's.
        package var template: Template? {
            if case .template(let template) = content { template } else { nil }
        }

        /// It is the same in every request.
        package var isConstant: Bool { template?.isConstant ?? true }
    }
}

/// Bytes stand in base64, as JSON has only text; a template stands as it did before there were bytes.
extension Request.Body: Codable {
    private enum CodingKeys: CodingKey {
        case contentType, template, bytes
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        contentType = try container.decode(String.self, forKey: .contentType)
        guard let text = try container.decodeIfPresent(String.self, forKey: .bytes) else {
            content = .template(try container.decode(Template.self, forKey: .template))
            return
        }
        guard let bytes = Data(base64Encoded: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .bytes, in: container, debugDescription: "it is no base64")
        }
        content = .bytes(Array(bytes))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(contentType, forKey: .contentType)
        switch content {
        case .template(let template): try container.encode(template, forKey: .template)
        case .bytes(let bytes): try container.encode(Data(bytes).base64EncodedString(), forKey: .bytes)
        }
    }
}
