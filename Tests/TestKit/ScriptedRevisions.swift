import Foundation

/// The scripted cloud's task definitions. A rollout is complete at once.
extension ScriptedAWSCloud {
    package struct Revisions: Sendable {
        package struct Revision: Sendable {
            package var family: String
            package var number: Int
            package var tags: [String: String]
            package var isActive = true

            package init(family: String, number: Int, tags: [String: String] = [:]) {
                self.family = family
                self.number = number
                self.tags = tags
            }

            package var arn: String {
                "arn:aws:ecs:eu-test-1:123456789012:task-definition/\(family):\(number)"
            }
        }

        package var all = [Revision(family: "shop-web", number: 1), Revision(family: "shop-app", number: 3)]
        /// By service: the ARN it is on.
        package var current = [
            "web": Revision(family: "shop-web", number: 1).arn,
            "app": Revision(family: "shop-app", number: 3).arn,
        ]
    }
}

extension ScriptedAWSCloud.Revisions {
    /// nil: no call about task definitions.
    mutating func answer(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply? {
        switch request.action {
        case "RegisterTaskDefinition":
            let family = request.field("family") ?? ""
            let object = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any]
            let tags = object?["tags"] as? [[String: String]] ?? []
            let revision = Revision(
                family: family, number: (all.filter { $0.family == family }.map(\.number).max() ?? 0) + 1,
                tags: Dictionary(tags.map { ($0["key"] ?? "", $0["value"] ?? "") }, uniquingKeysWith: { $1 }))
            all.append(revision)
            return Self.shape(revision)
        case "DescribeTaskDefinition", "DeregisterTaskDefinition":
            guard let at = all.firstIndex(where: { $0.arn == request.field("taskDefinition") }) else {
                return .status(400, #"{"__type":"ClientException","message":"no such revision"}"#)
            }
            if request.action == "DeregisterTaskDefinition" { all[at].isActive = false }
            return Self.shape(all[at])
        case "ListTaskDefinitions":
            let found = all.filter { $0.isActive && $0.family == request.field("familyPrefix") }
            return ScriptedAWSCloud.State.json([
                "taskDefinitionArns": found.sorted { $0.number > $1.number }.map(\.arn)
            ])
        default: return nil
        }
    }

    private static func shape(_ revision: Revision) -> ScriptedAWS.Reply {
        ScriptedAWSCloud.State.json([
            "taskDefinition": [
                "taskDefinitionArn": revision.arn, "family": revision.family, "revision": revision.number,
                "status": revision.isActive ? "ACTIVE" : "INACTIVE",
                "containerDefinitions": [
                    [
                        "name": String(revision.family.dropFirst("shop-".count)),
                        "image": "\(revision.family):1",
                        "logConfiguration": [
                            "logDriver": "awslogs",
                            "options": ["awslogs-group": "/shop", "awslogs-stream-prefix": "ecs"],
                        ],
                    ] as [String: Any]
                ],
            ] as [String: Any],
            "tags": revision.tags.map { ["key": $0.key, "value": $0.value] },
        ])
    }
}
