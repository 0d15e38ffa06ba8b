/// Systems Manager: commands run inside tasks, each task with an agent being a managed instance.
package struct SSM: Sendable {
    let wire: Wire

    private func call<Answer: Decodable>(
        _ action: String, _ input: some Encodable & Sendable
    ) async throws(AWSError) -> Answer {
        try await wire.json(.ssm, target: "AmazonSSM", action, input)
    }

    /// SendCommand takes 50 instances at once.
    package static let instancesMax = 50

    /// The ids of the managed instances that carry the tag `ECS_TASK_ARN` with this value and answer: none or one.
    package func managedInstances(task arn: String) async throws(AWSError) -> [String] {
        struct Filter: Encodable {
            var Key: String
            var Values: [String]
        }
        struct Input: Encodable {
            var Filters: [Filter]
            var NextToken: String?
        }
        struct Answer: Decodable {
            struct Instance: Decodable {
                var InstanceId: String
                var PingStatus: String?
            }
            var InstanceInformationList: [Instance]
            var NextToken: String?
        }
        var input = Input(Filters: [Filter(Key: "tag:ECS_TASK_ARN", Values: [arn])])
        var found: [Answer.Instance] = []
        repeat {
            let answer: Answer = try await call("DescribeInstanceInformation", input)
            found += answer.InstanceInformationList
            input.NextToken = answer.NextToken
        } while input.NextToken != nil
        return found.filter { $0.PingStatus == "Online" }.map(\.InstanceId)
    }

    /// Runs a document on instances. Returns the command's id. `comment` holds at most 100 characters.
    package func sendCommand(
        document: String, instances: [String], parameters: [String: [String]], comment: String
    ) async throws(AWSError) -> String {
        struct Input: Encodable {
            var DocumentName: String
            var InstanceIds: [String]
            var Parameters: [String: [String]]
            var Comment: String
        }
        struct Answer: Decodable {
            struct Command: Decodable { var CommandId: String }
            var Command: Command
        }
        let answer: Answer = try await call(
            "SendCommand",
            Input(DocumentName: document, InstanceIds: instances, Parameters: parameters, Comment: comment))
        return answer.Command.CommandId
    }

    package func cancelCommand(_ id: String) async throws(AWSError) {
        struct Input: Encodable { var CommandId: String }
        struct Answer: Decodable {}
        let _: Answer = try await call("CancelCommand", Input(CommandId: id))
    }

    /// The commands that ran or run this document, as far back as SSM remembers (30 days).
    package func listCommands(document: String) async throws(AWSError) -> [SSMCommand] {
        struct Filter: Encodable {
            var key: String
            var value: String
        }
        struct Input: Encodable {
            var Filters: [Filter]
            var NextToken: String?
        }
        struct Answer: Decodable {
            struct Command: Decodable {
                var CommandId: String
                var Comment: String?
                var Status: String
            }
            var Commands: [Command]
            var NextToken: String?
        }
        var input = Input(Filters: [Filter(key: "DocumentName", value: document)])
        var found: [SSMCommand] = []
        repeat {
            let answer: Answer = try await call("ListCommands", input)
            found += answer.Commands.map {
                SSMCommand(id: $0.CommandId, comment: $0.Comment ?? "", status: $0.Status)
            }
            input.NextToken = answer.NextToken
        } while input.NextToken != nil
        return found
    }

    /// How a command fares on each of its instances.
    package func invocations(of command: String) async throws(AWSError) -> [SSMInvocation] {
        struct Input: Encodable {
            var CommandId: String
            var NextToken: String?
        }
        struct Answer: Decodable {
            struct Invocation: Decodable {
                var InstanceId: String
                var Status: String
                var StatusDetails: String?
            }
            var CommandInvocations: [Invocation]
            var NextToken: String?
        }
        var input = Input(CommandId: command)
        var found: [SSMInvocation] = []
        repeat {
            let answer: Answer = try await call("ListCommandInvocations", input)
            found += answer.CommandInvocations.map {
                SSMInvocation(
                    instance: $0.InstanceId, status: $0.Status, details: $0.StatusDetails ?? $0.Status)
            }
            input.NextToken = answer.NextToken
        } while input.NextToken != nil
        return found
    }
}

/// A command as ListCommands shows it.
package struct SSMCommand: Hashable, Sendable {
    package var id: String
    package var comment: String
    /// Pending, InProgress, Success, Cancelled, Failed, TimedOut or Cancelling.
    package var status: String

    package var isOver: Bool { !["Pending", "InProgress", "Cancelling", "Delayed"].contains(status) }
}

/// A command on one instance.
package struct SSMInvocation: Hashable, Sendable {
    package var instance: String
    package var status: String
    package var details: String

    package var isOver: Bool { !["Pending", "InProgress", "Cancelling", "Delayed"].contains(status) }
}
