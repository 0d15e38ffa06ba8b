"""What boto3, awscli and Chaos Toolkit do to a lab, each unmodified. AWS_ENDPOINT_URL says which; see `run`.

Every check prints one line; the first that fails ends with exit 1 and says what was expected.
"""

import datetime
import json
import os
import subprocess
import sys
import time

import boto3
from botocore.exceptions import ClientError

import actions
import network
import traffic

CLUSTER = "ecs-microservices-cluster"
BALANCER = "ecs-microservices-alb"
GROUP = "ecs-microservices-nginx"
SERVICES = ["flask-app", "nginx", "redis"]
DATABASE = "ecs-microservices-db"
DESIRED = {"flask-app": 2, "nginx": 2, "redis": 1}

actions.count_calls()
ecs, elb, ec2, sts, rds, logs = (boto3.client(name) for name in ("ecs", "elbv2", "ec2", "sts", "rds", "logs"))
# The control plane alone: its machine is scripted.
FAKE = os.environ.get("LOADCHAOS_CONFORMANCE_FAKE") == "yes"
ssm, fis = boto3.client("ssm"), boto3.client("fis")


def check(what, passed, seen=""):
    print(f"{'ok  ' if passed else 'FAIL'} {what}" + ("" if passed else f": {seen}"), flush=True)
    if not passed:
        sys.exit(1)


def refuses(code, call, **parameters):
    try:
        seen = call(**parameters)
    except ClientError as error:
        seen = error.response["Error"]["Code"]
    check(f"boto3: {code}", seen == code, seen)


def aws(*arguments):
    """awscli's JSON answer."""
    done = subprocess.run(
        [sys.executable, "-m", "awscli", *arguments, "--output", "json"], capture_output=True, text=True)
    check("awscli: " + " ".join(arguments[:2]), done.returncode == 0, done.stderr)
    return json.loads(done.stdout) if done.stdout.strip() else {}


def running(service):
    arns = ecs.list_tasks(cluster=CLUSTER, serviceName=service)["taskArns"]
    tasks = ecs.describe_tasks(cluster=CLUSTER, tasks=arns)["tasks"] if arns else []
    return {t["taskArn"] for t in tasks if t["lastStatus"] == "RUNNING"}


def until(what, condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            check(what, False, f"not within {seconds} s")
        time.sleep(0.2)
    check(what, True)


def stable(why):
    ecs.get_waiter("services_stable").wait(
        cluster=CLUSTER, services=SERVICES, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    check(f"boto3: services_stable {why}", all(len(running(s)) == DESIRED[s] for s in SERVICES))


def reads_with_boto3():
    check("boto3: get_caller_identity", sts.get_caller_identity()["Account"] == "123456789012")
    tasks = [arn for page in ecs.get_paginator("list_tasks").paginate(
        cluster=CLUSTER, PaginationConfig={"PageSize": 2}) for arn in page["taskArns"]]
    check("boto3: list_tasks pages", len(tasks) == len(set(tasks)) == 5, tasks)
    task = ecs.describe_tasks(cluster=CLUSTER, tasks=tasks[:1], include=["TAGS"])["tasks"][0]
    details = {d["name"]: d["value"] for d in task["attachments"][0]["details"]}
    check("boto3: a task's address", details["privateIPv4Address"].startswith("10.0.1"), details)
    project = {"key": "Project", "value": "ecs-microservices"}
    check("boto3: a task's tags", project in task["tags"], task["tags"])
    check("boto3: a task's dates", task["createdAt"].tzinfo is not None)
    balancer = elb.describe_load_balancers(Names=[BALANCER])["LoadBalancers"][0]
    zones = {z["ZoneName"]: z["LoadBalancerAddresses"] for z in balancer["AvailabilityZones"]}
    check("boto3: the balancer's nodes", set(zones) == {"ap-south-1a", "ap-south-1b"}, zones)
    tags = elb.describe_tags(ResourceArns=[balancer["LoadBalancerArn"]])["TagDescriptions"][0]["Tags"]
    check("boto3: the balancer's tags", {"Key": "loadchaos-lab", "Value": "true"} in tags, tags)
    check("boto3: listeners", elb.describe_listeners(
        LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"][0]["Port"] > 0)
    subnets = ec2.describe_subnets(Filters=[{"Name": "tag:Tier", "Values": ["private"]}])["Subnets"]
    check("boto3: subnets by tag", len(subnets) == 2, subnets)
    interfaces = ec2.describe_network_interfaces(
        Filters=[{"Name": "subnet-id", "Values": [s["SubnetId"] for s in subnets]}])["NetworkInterfaces"]
    check("boto3: interfaces", len(interfaces) >= 5, interfaces)


def errors_with_boto3():
    refuses("ClusterNotFoundException", ecs.list_tasks, cluster="x")
    refuses("ServiceNotFoundException", ecs.update_service, cluster=CLUSTER, service="x", desiredCount=1)
    refuses("InvalidParameterException", ecs.stop_task, cluster=CLUSTER, task="0" * 32)
    refuses("LoadBalancerNotFound", elb.describe_load_balancers, Names=["x"])
    refuses("TargetGroupNotFound", elb.describe_target_groups, Names=["x"])
    refuses("InvalidSubnetID.NotFound", ec2.describe_subnets, SubnetIds=["subnet-0"])
    refuses("InvalidNetworkAclID.NotFound", ec2.delete_network_acl, NetworkAclId="acl-0")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    refuses("DryRunOperation", ec2.create_network_acl, DryRun=True, VpcId=vpc)
    refuses("InvalidAction", ec2.describe_volumes)
    failed = ecs.describe_services(cluster=CLUSTER, services=["x"])["failures"]
    check("boto3: failures", failed[0]["reason"] == "MISSING", failed)


def blocks_a_zone():
    def associations(subnets):
        acls = ec2.describe_network_acls(
            Filters=[{"Name": "association.subnet-id", "Values": subnets}])["NetworkAcls"]
        rows = [a for acl in acls for a in acl["Associations"] if a["SubnetId"] in subnets]
        return {a["SubnetId"]: a for a in rows}

    zone = {"Name": "availability-zone", "Values": ["ap-south-1a"]}
    subnets = ec2.describe_subnets(Filters=[zone])["Subnets"]
    ids = [s["SubnetId"] for s in subnets]
    before = associations(ids)
    tags = {"ResourceType": "network-acl", "Tags": [{"Key": "loadchaos:run", "Value": "conformance"}]}
    acl = ec2.create_network_acl(VpcId=subnets[0]["VpcId"], TagSpecifications=[tags])["NetworkAcl"]
    check("boto3: a new ACL denies all", [e["RuleAction"] for e in acl["Entries"]] == ["deny", "deny"], acl)
    try:
        for row in before.values():
            ec2.replace_network_acl_association(
                AssociationId=row["NetworkAclAssociationId"], NetworkAclId=acl["NetworkAclId"])
        check("boto3: a zone is blocked",
              {a["NetworkAclId"] for a in associations(ids).values()} == {acl["NetworkAclId"]})
        refuses("DependencyViolation", ec2.delete_network_acl, NetworkAclId=acl["NetworkAclId"])
        refuses("InvalidAssociationID.NotFound", ec2.replace_network_acl_association,
                AssociationId=before[ids[0]]["NetworkAclAssociationId"], NetworkAclId=acl["NetworkAclId"])
    finally:
        for subnet, row in associations(ids).items():
            ec2.replace_network_acl_association(
                AssociationId=row["NetworkAclAssociationId"], NetworkAclId=before[subnet]["NetworkAclId"])
        ec2.delete_network_acl(NetworkAclId=acl["NetworkAclId"])
    check("boto3: a zone is open again", {s: a["NetworkAclId"] for s, a in associations(ids).items()}
          == {s: a["NetworkAclId"] for s, a in before.items()})


def fails_over_the_database():
    def instance():
        return rds.describe_db_instances(DBInstanceIdentifier=DATABASE)["DBInstances"][0]

    before = instance()
    zones = (before["AvailabilityZone"], before["SecondaryAvailabilityZone"])
    check("boto3: a Multi-AZ database", before["MultiAZ"] and zones[0] != zones[1], before)
    pages = list(rds.get_paginator("describe_db_instances").paginate(PaginationConfig={"PageSize": 20}))
    check("boto3: describe_db_instances pages", [len(p["DBInstances"]) for p in pages] == [1], pages)
    group = rds.describe_db_subnet_groups()["DBSubnetGroups"][0]
    check("boto3: the database's subnets", len(group["Subnets"]) == 2, group)
    tags = rds.list_tags_for_resource(ResourceName=before["DBInstanceArn"])["TagList"]
    check("boto3: the database's tags", {"Key": "loadchaos-lab", "Value": "true"} in tags, tags)
    refuses("DBInstanceNotFound", rds.describe_db_instances, DBInstanceIdentifier="x")
    refuses("InvalidDBInstanceState", rds.start_db_instance, DBInstanceIdentifier=DATABASE)
    answer = rds.reboot_db_instance(DBInstanceIdentifier=DATABASE, ForceFailover=True)["DBInstance"]
    check("boto3: reboot_db_instance", answer["DBInstanceStatus"] == "rebooting", answer)
    refuses("InvalidDBInstanceState", rds.reboot_db_instance, DBInstanceIdentifier=DATABASE)
    aws("rds", "wait", "db-instance-available", "--db-instance-identifier", DATABASE)
    after = instance()
    check("awscli: db-instance-available after a fail-over",
          (after["SecondaryAvailabilityZone"], after["AvailabilityZone"]) == zones, after)
    story = [e["Message"] for e in rds.describe_events(
        SourceIdentifier=DATABASE, SourceType="db-instance", EventCategories=["failover"])["Events"]]
    check("boto3: describe_events", story[-2:] == [
        "Multi-AZ instance failover started.", "Multi-AZ instance failover completed"], story)


def stops_with_boto3():
    task = sorted(running("flask-app"))[0]
    ecs.stop_task(cluster=CLUSTER, task=task, reason="conformance")
    ecs.get_waiter("tasks_stopped").wait(
        cluster=CLUSTER, tasks=[task], WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    stopped = ecs.describe_tasks(cluster=CLUSTER, tasks=[task])["tasks"][0]
    check("boto3: tasks_stopped", (stopped["stopCode"], stopped["stoppedReason"])
          == ("UserInitiated", "conformance"), stopped)
    stable("after a stopped task")
    messages = [e["message"] for e in ecs.describe_services(
        cluster=CLUSTER, services=["flask-app"])["services"][0]["events"]]
    check("boto3: service events", any("has started 1 tasks" in m for m in messages), messages)


def hangs_with_boto3():
    document = "AWSFIS-Run-Network-Blackhole-Port-ECS"
    task = sorted(running("nginx"))[0]
    instance = ssm.describe_instance_information(
        Filters=[{"Key": "tag:ECS_TASK_ARN", "Values": [task]}])["InstanceInformationList"][0]["InstanceId"]
    check("boto3: a task is a managed instance", instance.startswith("mi-"), instance)

    def send(seconds):
        return ssm.send_command(
            DocumentName=document, InstanceIds=[instance], Comment="conformance",
            Parameters={"Port": ["8888"], "Protocol": ["tcp"], "TrafficType": ["ingress"],
                        "DurationSeconds": [str(seconds)]})["Command"]["CommandId"]

    def status(command):
        return ssm.list_command_invocations(CommandId=command)["CommandInvocations"][0]["Status"]

    command = send(600)
    check("boto3: send_command", status(command) == "InProgress")
    ssm.cancel_command(CommandId=command)
    check("boto3: cancel_command", status(command) == "Cancelled")
    command = send(1)
    ssm.get_waiter("command_executed").wait(CommandId=command, InstanceId=instance)
    listed = ssm.list_commands(Filters=[{"key": "DocumentName", "value": document}])["Commands"]
    check("boto3: list_commands", {c["Status"] for c in listed} == {"Cancelled", "Success"}, listed)
    refuses("InvalidDocument", ssm.send_command, DocumentName="AWS-RunShellScript", InstanceIds=[instance])
    refuses("InvalidInstanceId", ssm.send_command, DocumentName=document, InstanceIds=["mi-" + "0" * 17],
            Parameters={"Port": ["80"], "DurationSeconds": ["1"]})
    whole = ssm.get_command_invocation(CommandId=command, InstanceId=instance)
    check("boto3: get_command_invocation", whole["Status"] == "Success", whole)
    refuses("InvalidCommandId", ssm.cancel_command, CommandId="0" * 36)


def interrupts_with_boto3():
    templates = {t["tags"]["loadchaos:fault"]: t["id"] for t in fis.list_experiment_templates()["experimentTemplates"]}
    whole = fis.get_experiment_template(id=templates["interrupt nginx"])["experimentTemplate"]
    check("boto3: get_experiment_template", whole["targets"]["tasks"]["resourceType"] == "aws:ecs:task", whole)
    experiment = fis.start_experiment(experimentTemplateId=templates["interrupt nginx"])["experiment"]["id"]
    check("boto3: get_experiment",
          fis.get_experiment(id=experiment)["experiment"]["state"]["status"] == "completed")
    target = fis.list_experiment_resolved_targets(experimentId=experiment)["resolvedTargets"][0]
    task = target["targetInformation"]["taskArn"]
    ecs.get_waiter("tasks_stopped").wait(
        cluster=CLUSTER, tasks=[task], WaiterConfig={"Delay": 1, "MaxAttempts": 180})
    stopped = ecs.describe_tasks(cluster=CLUSTER, tasks=[task])["tasks"][0]
    check("boto3: a Spot interruption", (stopped["stopCode"], stopped["capacityProviderName"])
          == ("SpotInterruption", "FARGATE_SPOT"), stopped)
    refuses("ResourceNotFoundException", fis.start_experiment, experimentTemplateId="EXTnone")
    stable("after a Spot interruption")


def deploys_with_boto3():
    flask = "ecs-microservices-flask-app"
    now = ecs.describe_task_definition(taskDefinition=flask)["taskDefinition"]
    container = dict(now["containerDefinitions"][0], environment=[{"name": "VERSION", "value": "2"}])
    made = ecs.register_task_definition(
        family=flask, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu=now["cpu"],
        memory=now["memory"], containerDefinitions=[container])["taskDefinition"]
    check("boto3: a revision", made["revision"] == now["revision"] + 1, made)
    ecs.update_service(cluster=CLUSTER, service="flask-app", taskDefinition=made["taskDefinitionArn"])
    stable("after a rolling deployment")
    service = ecs.describe_services(cluster=CLUSTER, services=["flask-app"])["services"][0]
    check("boto3: it is completed", (service["taskDefinition"], service["deployments"][0]["rolloutState"])
          == (made["taskDefinitionArn"], "COMPLETED"), service)
    newest = ecs.list_service_deployments(cluster=CLUSTER, service="flask-app")["serviceDeployments"][0]
    whole = ecs.describe_service_deployments(
        serviceDeploymentArns=[newest["serviceDeploymentArn"]])["serviceDeployments"][0]
    check("boto3: describe_service_deployments", (whole["status"], whole["deploymentCircuitBreaker"]["failureCount"])
          == ("SUCCESSFUL", 0), whole)
    revision = ecs.describe_service_revisions(
        serviceRevisionArns=[newest["targetServiceRevisionArn"]])["serviceRevisions"][0]
    check("boto3: describe_service_revisions", revision["taskDefinition"] == made["taskDefinitionArn"], revision)
    ecs.update_service(cluster=CLUSTER, service="flask-app", taskDefinition=now["taskDefinitionArn"])
    stable("after the way back")
    gone = ecs.deregister_task_definition(taskDefinition=made["taskDefinitionArn"])["taskDefinition"]
    check("boto3: deregistered", gone["status"] == "INACTIVE", gone)
    revisions = [arn for page in ecs.get_paginator("list_task_definitions").paginate(
        familyPrefix=flask, PaginationConfig={"PageSize": 1}) for arn in page["taskDefinitionArns"]]
    check("boto3: list_task_definitions", made["taskDefinitionArn"] not in revisions, revisions)
    check("boto3: families", flask in ecs.list_task_definition_families()["families"])
    refuses("ClientException", ecs.describe_task_definition, taskDefinition="x:1")


def runs_a_task_with_boto3():
    private = ec2.describe_subnets(Filters=[{"Name": "tag:Tier", "Values": ["private"]}])["Subnets"]
    network = {"awsvpcConfiguration": {"subnets": [s["SubnetId"] for s in private]}}
    command = {"name": "flask-app", "command": ["sh", "-c", "echo hello $WHO; exit 3"],
               "environment": [{"name": "WHO", "value": "conformance"}]}
    task = ecs.run_task(
        cluster=CLUSTER, taskDefinition="ecs-microservices-flask-app", networkConfiguration=network,
        startedBy="conformance", overrides={"containerOverrides": [command]})["tasks"][0]["taskArn"]
    if FAKE:
        ecs.stop_task(cluster=CLUSTER, task=task)  # a scripted machine runs no command
    ecs.get_waiter("tasks_stopped").wait(
        cluster=CLUSTER, tasks=[task], WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    groups = [g["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate(
        PaginationConfig={"PageSize": 2}) for g in page["logGroups"]]
    check("boto3: log groups", "/ecs/ecs-microservices/exec" in groups, groups)
    if FAKE:
        return
    stopped = ecs.describe_tasks(cluster=CLUSTER, tasks=[task])["tasks"][0]
    check("boto3: exit code", stopped["containers"][0]["exitCode"] == 3, stopped)
    lines = logs.filter_log_events(
        logGroupName="/ecs/ecs-microservices/flask-app", filterPattern="hello",
        logStreamNames=["ecs/flask-app/" + task.split("/")[-1]])["events"]
    check("boto3: log lines", [e["message"] for e in lines] == ["hello conformance"], lines)


def calls_with_awscli():
    check("awscli: who", aws("sts", "get-caller-identity")["Account"] == "123456789012")
    check("awscli: tasks", len(aws("ecs", "list-tasks", "--cluster", CLUSTER)["taskArns"]) >= 5)
    aws("ecs", "describe-services", "--cluster", CLUSTER, "--services", *SERVICES)
    aws("ecs", "describe-task-definition", "--task-definition", "ecs-microservices-nginx")
    group = aws("elbv2", "describe-target-groups", "--names", GROUP)["TargetGroups"][0]["TargetGroupArn"]
    aws("elbv2", "describe-target-health", "--target-group-arn", group)
    aws("elbv2", "describe-load-balancers")
    check("awscli: subnets", len(aws("ec2", "describe-subnets")["Subnets"]) == 6)
    aws("ec2", "describe-availability-zones")
    aws("ec2", "describe-network-acls", "--filters", "Name=default,Values=true")
    aws("ecs", "update-service", "--cluster", CLUSTER, "--service", "nginx", "--desired-count", "2")


def calls_what_is_left():
    group = elb.describe_target_groups(Names=[GROUP])["TargetGroups"][0]["TargetGroupArn"]
    actions.reads_the_cluster(ecs, CLUSTER, check)
    actions.keeps_its_subnets(elb, check, refuses)
    actions.takes_a_target_out(elb, group, check, until)
    actions.tags_a_service(ecs, CLUSTER, check)
    actions.tags_a_group(ec2, check)
    actions.makes_an_alarm(CLUSTER, check)
    actions.scales_redis(CLUSTER, check, refuses)
    actions.reads_a_stream(logs, "/ecs/ecs-microservices/nginx", check, refuses)
    actions.stops_the_database(rds, DATABASE, check, until)
    actions.every_action_was_called(check)


def measures_with_boto3():
    cloudwatch, scaling = boto3.client("cloudwatch"), boto3.client("application-autoscaling")
    service = [{"Name": "ClusterName", "Value": CLUSTER}, {"Name": "ServiceName", "Value": "flask-app"}]
    cpu = {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Dimensions": service}
    alarm = "ecs-microservices-flask-app-cpu-high"
    found = cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"][0]
    check("boto3: describe_alarms", (found["Threshold"], found["EvaluationPeriods"]) == (70, 1), found)
    end = datetime.datetime.now(datetime.timezone.utc)
    time_range = {"StartTime": end - datetime.timedelta(minutes=30), "EndTime": end}
    stat = {"Metric": cpu, "Period": 60, "Stat": "Average"}
    data = cloudwatch.get_metric_data(MetricDataQueries=[{"Id": "cpu", "MetricStat": stat}], **time_range)
    result = data["MetricDataResults"][0]
    check("boto3: get_metric_data", len(result["Timestamps"]) == len(result["Values"]), result)
    points = cloudwatch.get_metric_statistics(**cpu, **time_range, Period=60, Statistics=["Average", "Maximum"])
    check("boto3: get_metric_statistics", len(points["Datapoints"]) == len(result["Values"]), points)
    refuses("ResourceNotFound", cloudwatch.set_alarm_state, AlarmName="x", StateValue="OK", StateReason="x")

    resource = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount",
                "ResourceId": f"service/{CLUSTER}/flask-app"}
    target = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[resource["ResourceId"]])
    target = target["ScalableTargets"][0]
    check("boto3: describe_scalable_targets", (target["MinCapacity"], target["MaxCapacity"]) == (2, 4), target)
    tags = scaling.list_tags_for_resource(ResourceARN=target["ScalableTargetARN"])["Tags"]
    check("boto3: list_tags_for_resource", tags == {}, tags)
    policies = scaling.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=resource["ResourceId"])
    alarms = {a["AlarmName"] for p in policies["ScalingPolicies"] for a in p["Alarms"]}
    check("boto3: describe_scaling_policies", alarm in alarms and len(alarms) == 2, alarms)
    scaling.register_scalable_target(**resource, SuspendedState={"DynamicScalingOutSuspended": True})
    scaling.register_scalable_target(**resource, SuspendedState={"DynamicScalingOutSuspended": False})
    activities = scaling.describe_scaling_activities(ServiceNamespace="ecs")["ScalingActivities"]
    check("boto3: describe_scaling_activities", all(a["Cause"] for a in activities), activities)
    aws("cloudwatch", "describe-alarms", "--alarm-names", alarm)
    aws("cloudwatch", "list-metrics", "--namespace", "AWS/ApplicationELB")
    aws("application-autoscaling", "describe-scaling-policies", "--service-namespace", "ecs")


def breaks_with_chaos_toolkit():
    from chaosaws.cloudwatch.probes import get_alarm_state_value

    from chaosaws.ecs.actions import stop_random_tasks, stop_task
    from chaosaws.ecs.probes import are_all_desired_tasks_running, service_is_deploying
    from chaosaws.elbv2.probes import all_targets_healthy, targets_health_count

    state = get_alarm_state_value(alarm_name="ecs-microservices-flask-app-cpu-low")
    check("chaos toolkit: get_alarm_state_value", state in ("OK", "ALARM", "INSUFFICIENT_DATA"), state)
    until("chaos toolkit: targets_health_count sees two healthy",
          lambda: targets_health_count(tg_names=[GROUP])[GROUP].get("healthy") == 2)
    healthy = all_targets_healthy(tg_names=[GROUP])
    check("chaos toolkit: all_targets_healthy", bool(healthy), healthy)

    before = running("nginx")
    stop_task(cluster=CLUSTER, service="nginx", reason="chaos toolkit")
    until("chaos toolkit: stop_task stopped one of nginx", lambda: len(before - running("nginx")) == 1)
    stable("after stop_task")

    before = running("flask-app")
    stopped = stop_random_tasks(cluster=CLUSTER, service="flask-app", task_percent=50, reason="chaos toolkit")
    check("chaos toolkit: stop_random_tasks 50 %", len(stopped) == 1, stopped)
    until("chaos toolkit: and it is gone", lambda: len(before - running("flask-app")) == 1)
    if not FAKE:
        clients = traffic.Clients(elb)
        until("traffic: the cache answers", clients.is_answered_by_the_cache)
        stop_random_tasks(cluster=CLUSTER, service="redis", task_count=1, reason="chaos toolkit")
        until("traffic: Redis is gone, the database answers", lambda: not clients.is_answered_by_the_cache())
        until("traffic: and Redis is back", clients.is_answered_by_the_cache)
    stopped = stop_random_tasks(cluster=CLUSTER, task_count=2, reason="chaos toolkit")
    check("chaos toolkit: stop_random_tasks 2 of the cluster", len(stopped) == 2, stopped)
    until("chaos toolkit: are_all_desired_tasks_running",
          lambda: all(are_all_desired_tasks_running(cluster=CLUSTER, service=s) for s in SERVICES))
    check("chaos toolkit: service_is_deploying", not service_is_deploying(cluster=CLUSTER, service="nginx"))
    until("chaos toolkit: both targets are healthy again",
          lambda: targets_health_count(tg_names=[GROUP])[GROUP].get("healthy") == 2)


def fails_over_with_chaos_toolkit():
    from chaosaws.rds.actions import reboot_db_instance
    from chaosaws.rds.probes import instance_status

    def zone():
        return rds.describe_db_instances(DBInstanceIdentifier=DATABASE)["DBInstances"][0]["AvailabilityZone"]

    before = zone()
    clients = None if FAKE else traffic.Clients(elb)
    if clients:
        until("traffic: writes are accepted", clients.writes)
    reboot_db_instance(db_instance_identifier=DATABASE, force_failover=True)
    if clients:
        until("traffic: no write is accepted during the fail-over", lambda: not clients.writes())
    until("chaos toolkit: reboot_db_instance moved the primary", lambda: zone() != before)
    until("chaos toolkit: instance_status",
          lambda: instance_status(instance_id=DATABASE) == "available")
    if clients:
        until("traffic: writes are accepted again", clients.writes)


stable("at first")
reads_with_boto3()
errors_with_boto3()
fails_over_the_database()
blocks_a_zone()
for part in (network.changes_rules, network.changes_groups, network.changes_routes):
    part(ec2, elb, check, refuses, aws)
stops_with_boto3()
hangs_with_boto3()
interrupts_with_boto3()
deploys_with_boto3()
runs_a_task_with_boto3()
calls_with_awscli()
measures_with_boto3()
breaks_with_chaos_toolkit()
fails_over_with_chaos_toolkit()
calls_what_is_left()
stable("at the end")
