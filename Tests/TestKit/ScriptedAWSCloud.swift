import Foundation
import Synchronization

/// A tiny AWS behind a ScriptedAWS: two zones, two subnets in each, two services, one balancer. It keeps state.
package final class ScriptedAWSCloud: Sendable {
    package struct Task: Sendable {
        package var id: String
        package var service: String
        package var zone: String
        package var lastStatus = "RUNNING"
        package var desiredStatus = "RUNNING"
        package var reason: String?
        package var stopCode: String?
        package var capacityProvider: String?
        /// Of one that no service has started.
        package var startedBy: String?

        package init(id: String, service: String, zone: String, startedBy: String? = nil) {
            self.id = id
            self.service = service
            self.zone = zone
            self.startedBy = startedBy
        }

        package var arn: String { "arn:aws:ecs:eu-test-1:123456789012:task/shop/\(id)" }
    }

    package struct State: Sendable {
        package var tasks: [Task] = []
        /// By subnet: its zone, its association and its list.
        package var subnets: [String: (zone: String, association: String, acl: String)] = [:]
        /// By id: the tags.
        package var acls: [String: [String: String]] = ["acl-old": [:], "acl-other": [:]]
        package var desired = ["web": 2, "app": 3]
        /// The subnets in which each service may place tasks.
        package var placements = [
            "web": ["subnet-private-a", "subnet-private-b"], "app": ["subnet-private-a", "subnet-private-b"],
        ]
        package var serviceEvents: [String: [String]] = [:]
        package var targetStates: [String: String] = [:]
        package var nodes = ["127.0.1.10", "127.0.2.10"]
        package var subnetTags: [String: String] = ["env": "test"]
        package var routes = Routes()
        package var revisions = Revisions()
        /// By service; one that is not here is not scaled.
        package var serviceTags = ["web": ["env": "test"], "app": ["env": "test"]]
        package var scalableTargets: [String: ScalableTarget] = [:]
        /// Whether a count outside of the limits is moved when they are registered, as AWS does.
        package var movesCounts = true
        package var account = "123456789012"
        /// By subnet: the hardware address of a machine that is no task.
        package var machines: [String: String] = [:]
        package var database = ScriptedDatabase()
        /// Whether targets of a blocked zone become unhealthy, and ECS replaces what is stopped.
        package var noticesBlocks = true
        package var replacesTasks = true
        /// SSM's commands, and FIS's templates by id with the service each interrupts.
        package var commands: [Command] = []
        /// What a task that was run by hand writes.
        package var taskLog = ["holds 7 connections, refused: FATAL: sorry, too many clients already"]
        package var templates: [String: String] = [:]
        var experiments: [String: String] = [:]
        var nextID = 1
    }

    package static let zones = ["eu-test-1a", "eu-test-1b"]
    private let state: Mutex<State>
    /// Answers in place of the cloud; nil: the cloud answers.
    private let instead = Mutex<(@Sendable (ScriptedAWS.Request) -> ScriptedAWS.Reply?)?>(nil)

    package init() {
        var state = State()
        for (number, zone) in Self.zones.enumerated() {
            let letter = number == 0 ? "a" : "b"
            state.subnets["subnet-public-\(letter)"] = (zone, "assoc-p\(letter)", "acl-old")
            state.subnets["subnet-private-\(letter)"] = (zone, "assoc-q\(letter)", "acl-other")
            state.tasks.append(Task(id: "web\(letter)", service: "web", zone: zone))
            state.tasks.append(Task(id: "app\(letter)", service: "app", zone: zone))
        }
        state.tasks.append(Task(id: "app2b", service: "app", zone: Self.zones[1]))
        self.state = Mutex(state)
    }

    package func start() throws -> ScriptedAWS { try ScriptedAWS { self.answer($0) } }

    package var now: State { state.withLock { $0 } }
    package func change(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    /// Requests for which `script` has a reply never reach the cloud.
    package func answer(instead script: (@Sendable (ScriptedAWS.Request) -> ScriptedAWS.Reply?)?) {
        instead.withLock { $0 = script }
    }

    package func answer(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        if let reply = instead.withLock({ $0 })?(request) { return reply }
        return state.withLock { state in
            switch request.action {
            case "GetCallerIdentity":
                return .ok(
                    Self.query(
                        request,
                        "<Account>\(state.account)</Account><Arn>arn:aws:iam::\(state.account):root</Arn>"))
            case "RunTask", "GetLogEvents": return state.byHand(request)
            case "ListTasks", "DescribeTasks", "StopTask", "DescribeServices", "UpdateService", "TagResource",
                "UntagResource":
                return state.ecs(request)
            case "DescribeInstanceInformation", "SendCommand", "CancelCommand", "ListCommands",
                "ListCommandInvocations":
                return state.ssm(request)
            case "" where request.path.hasPrefix("/experiment"): return state.fis(request)
            case "DescribeLoadBalancers", "DescribeTargetHealth": return state.elb(request)
            case "DescribeDBInstances", "DescribeEvents", "RebootDBInstance":
                return state.database.answer(request)
            case "DescribeScalableTargets", "RegisterScalableTarget": return state.scaling(request)
            // No policy scales and nothing is measured here; tests that want it answer instead.
            case "DescribeScalingPolicies": return .ok(#"{"ScalingPolicies":[]}"#)
            case "DescribeScalingActivities": return .ok(#"{"ScalingActivities":[]}"#)
            case "GetMetricData": return .ok(#"{"MetricDataResults":[]}"#)
            default:
                return state.routes.answer(request) ?? state.revisions.answer(request) ?? state.ec2(request)
            }
        }
    }

    static func query(_ request: ScriptedAWS.Request, _ result: String) -> String {
        let name = request.action
        return
            "<\(name)Response xmlns=\"urn:test\"><\(name)Result>\(result)</\(name)Result></\(name)Response>"
    }

    static func ec2(_ request: ScriptedAWS.Request, _ body: String) -> ScriptedAWS.Reply {
        .ok("<\(request.action)Response xmlns=\"urn:ec2\">\(body)</\(request.action)Response>")
    }

    static func tagSet(_ tags: [String: String]) -> String {
        let items = tags.map { "<item><key>\($0.key)</key><value>\($0.value)</value></item>" }
        return "<tagSet>\(items.joined())</tagSet>"
    }

    package static func ec2Error(_ code: String) -> ScriptedAWS.Reply {
        .status(
            400,
            "<Response><Errors><Error><Code>\(code)</Code><Message>scripted</Message></Error></Errors>"
                + "<RequestID>r-1</RequestID></Response>")
    }
}

extension ScriptedAWSCloud.State {
    static func json(_ value: Any) -> ScriptedAWS.Reply {
        // The tests' own dictionaries are always valid JSON.
        let data = (try? JSONSerialization.data(withJSONObject: value)) ?? Data()
        return .ok(String(decoding: data, as: UTF8.self))
    }

    fileprivate mutating func ecs(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        switch request.action {
        case "ListTasks":
            let service = request.field("serviceName")
            let wanted = tasks.filter {
                $0.desiredStatus == "RUNNING"
                    && (service == nil || $0.service == service && $0.startedBy == nil)
            }
            return Self.json(["taskArns": wanted.map(\.arn)])
        case "DescribeTasks":
            let ids = request.list("tasks")
            let found = tasks.filter { ids.contains($0.arn) || ids.contains($0.id) }
            return Self.json(["tasks": found.map(Self.shape), "failures": []])
        case "StopTask":
            guard let at = tasks.firstIndex(where: { $0.arn == request.field("task") }) else {
                return .status(400, #"{"__type":"InvalidParameterException","message":"no such task"}"#)
            }
            tasks[at].desiredStatus = "STOPPED"
            tasks[at].lastStatus = "STOPPED"
            tasks[at].reason = request.field("reason")
            if replacesTasks, tasks[at].startedBy == nil {
                var fresh = tasks[at]
                (fresh.id, fresh.lastStatus, fresh.desiredStatus) = ("new\(nextID)", "RUNNING", "RUNNING")
                fresh.reason = nil
                nextID += 1
                tasks.append(fresh)
            }
            return Self.json(["task": Self.shape(tasks[at])])
        case "UpdateService": return updateService(request)
        case "TagResource", "UntagResource": return changeTags(request)
        default:
            return Self.json(["services": request.list("services").map(service), "failures": []])
        }
    }

    func service(_ name: String) -> [String: Any] {
        let running = tasks.count { $0.service == name && $0.startedBy == nil && $0.lastStatus == "RUNNING" }
        return [
            "serviceArn": "arn:aws:ecs:eu-test-1:123456789012:service/shop/\(name)", "serviceName": name,
            "desiredCount": desired[name] ?? 0, "runningCount": running, "pendingCount": 0,
            "taskDefinition": revisions.current[name] ?? "",
            "deployments": [
                [
                    "id": "d1", "status": "PRIMARY", "rolloutState": "COMPLETED", "runningCount": running,
                    "taskDefinition": revisions.current[name] ?? "",
                ] as [String: Any]
            ],
            "events": (serviceEvents[name] ?? []).reversed().map { ["id": $0, "message": $0] },
            "loadBalancers": name == "web" ? [["targetGroupArn": "arn:tg/web"]] : [],
            "networkConfiguration": ["awsvpcConfiguration": ["subnets": placements[name] ?? []]],
            "tags": (serviceTags[name] ?? [:]).map { ["key": $0.key, "value": $0.value] },
        ]
    }

    static func shape(_ task: ScriptedAWSCloud.Task) -> [String: Any] {
        var shape: [String: Any] = [
            "taskArn": task.arn, "group": "service:\(task.service)", "availabilityZone": task.zone,
            "lastStatus": task.lastStatus, "desiredStatus": task.desiredStatus, "healthStatus": "HEALTHY",
        ]
        if let starter = task.startedBy {
            (shape["startedBy"], shape["group"]) = (starter, "family:\(task.service)")
        }
        shape["stoppedReason"] = task.reason
        shape["stopCode"] = task.stopCode
        shape["capacityProviderName"] = task.capacityProvider
        return shape
    }

    fileprivate func elb(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        if request.action == "DescribeLoadBalancers" {
            let addresses = nodes.map { "<member><IpAddress>\($0)</IpAddress></member>" }.joined()
            return .ok(
                ScriptedAWSCloud.query(
                    request,
                    """
                    <LoadBalancers><member><LoadBalancerArn>arn:lb</LoadBalancerArn>\
                    <LoadBalancerName>front</LoadBalancerName><DNSName>front.test</DNSName><VpcId>vpc-1</VpcId>\
                    <State><Code>active</Code></State><AvailabilityZones><member><ZoneName>eu-test-1a</ZoneName>\
                    <LoadBalancerAddresses>\(addresses)</LoadBalancerAddresses></member></AvailabilityZones>\
                    </member></LoadBalancers>
                    """))
        }
        let rows = tasks.filter { $0.service == "web" && $0.lastStatus == "RUNNING" }.map { task in
            let isBlocked =
                noticesBlocks && subnets.contains { $0.value.zone == task.zone && acls[$0.value.acl] != [:] }
            let state = targetStates[task.id] ?? (isBlocked ? "unhealthy" : "healthy")
            let reason = state == "unhealthy" ? "<Reason>Target.Timeout</Reason>" : ""
            return """
                <member><Target><Id>\(task.id)</Id><Port>80</Port><AvailabilityZone>\(task.zone)</AvailabilityZone>\
                </Target><TargetHealth><State>\(state)</State>\(reason)</TargetHealth></member>
                """
        }
        return .ok(
            ScriptedAWSCloud.query(
                request, "<TargetHealthDescriptions>\(rows.joined())</TargetHealthDescriptions>"))
    }

    fileprivate mutating func ec2(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        let form = request.form
        func respond(_ body: String) -> ScriptedAWS.Reply { ScriptedAWSCloud.ec2(request, body) }
        func refuse(_ code: String) -> ScriptedAWS.Reply { ScriptedAWSCloud.ec2Error(code) }
        switch request.action {
        case "DescribeSubnets":
            let items = subnets.map { id, row in
                """
                <item><subnetId>\(id)</subnetId><vpcId>vpc-1</vpcId><availabilityZone>\(row.zone)\
                </availabilityZone><cidrBlock>10.0.0.0/24</cidrBlock>\(ScriptedAWSCloud.tagSet(subnetTags))</item>
                """
            }
            return respond("<subnetSet>\(items.joined())</subnetSet>")
        case "DescribeNetworkInterfaces":
            // The machine that a test runs on, where a test has put it.
            let items = machines.map { subnet, address in
                """
                <item><networkInterfaceId>eni-\(subnet)</networkInterfaceId><subnetId>\(subnet)</subnetId>\
                <privateIpAddress>10.0.0.9</privateIpAddress><macAddress>\(address)</macAddress>\
                <description>a machine</description></item>
                """
            }
            return respond("<networkInterfaceSet>\(items.joined())</networkInterfaceSet>")
        case "DescribeNetworkAcls":
            let items = acls.sorted { $0.key < $1.key }.map { id, tags in
                let rows = subnets.filter { $0.value.acl == id }.sorted { $0.key < $1.key }.map {
                    subnet, row in
                    """
                    <item><networkAclAssociationId>\(row.association)</networkAclAssociationId>\
                    <networkAclId>\(id)</networkAclId><subnetId>\(subnet)</subnetId></item>
                    """
                }
                return """
                    <item><networkAclId>\(id)</networkAclId><vpcId>vpc-1</vpcId>\
                    <associationSet>\(rows.joined())</associationSet>\(ScriptedAWSCloud.tagSet(tags))</item>
                    """
            }
            return respond("<networkAclSet>\(items.joined())</networkAclSet>")
        case "CreateNetworkAcl":
            let id = "acl-new\(nextID)"
            nextID += 1
            var tags: [String: String] = [:]
            for number in 1...50 {
                guard let key = form["TagSpecification.1.Tag.\(number).Key"] else { break }
                tags[key] = form["TagSpecification.1.Tag.\(number).Value"] ?? ""
            }
            acls[id] = tags
            return respond("<networkAcl><networkAclId>\(id)</networkAclId></networkAcl>")
        case "ReplaceNetworkAclAssociation":
            let row = subnets.first { $0.value.association == form["AssociationId"] }
            guard let row else { return refuse("InvalidAssociationID.NotFound") }
            guard let acl = form["NetworkAclId"], acls[acl] != nil else {
                return refuse("InvalidNetworkAclID.NotFound")
            }
            let association = "assoc-\(nextID)"
            nextID += 1
            subnets[row.key] = (row.value.zone, association, acl)
            return respond("<newAssociationId>\(association)</newAssociationId>")
        case "DeleteNetworkAcl":
            let id = form["NetworkAclId"] ?? ""
            guard acls[id] != nil else { return refuse("InvalidNetworkAclID.NotFound") }
            guard !subnets.contains(where: { $0.value.acl == id }) else {
                return refuse("DependencyViolation")
            }
            acls[id] = nil
            return respond("<return>true</return>")
        default: return refuse("InvalidAction")
        }
    }
}
