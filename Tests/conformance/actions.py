"""The served actions that the stories of clients.py have no use for, and whether any was forgotten. Used by clients.py."""

import glob
import os
import re

import boto3

# A scripted machine measures nothing and writes no log.
FAKE = os.environ.get("LOADCHAOS_CONFORMANCE_FAKE") == "yes"
CALLED = set()


def count_calls():
    """From now on every operation that a new boto3 client sends is known by its name."""
    boto3.setup_default_session()
    boto3.DEFAULT_SESSION.events.register("before-call", lambda model, **_: CALLED.add(model.name))


def served():
    """What the lab's API answers, as its sources say."""
    names = set()
    for path in glob.glob("Sources/Lab/API/*.swift"):
        with open(path) as file:
            for case in re.findall(r'case ((?:"[A-Z]\w+"(?:,\s*)?)+): (?:return )?try', file.read()):
                names.update(re.findall(r'"(\w+)"', case))
    return names


def every_action_was_called(check):
    forgotten = sorted(served() - CALLED)
    check(f"boto3: every one of {len(served())} served actions was called", not forgotten, forgotten)


def reads_the_cluster(ecs, cluster, check):
    arns = ecs.list_clusters()["clusterArns"]
    found = ecs.describe_clusters(clusters=arns)["clusters"]
    check("boto3: describe_clusters", [c["clusterName"] for c in found] == [cluster], found)
    pages = [p["serviceArns"] for p in ecs.get_paginator("list_services").paginate(
        cluster=cluster, PaginationConfig={"PageSize": 2})]
    check("boto3: list_services pages", [len(p) for p in pages] == [2, 1], pages)
    zones = boto3.client("ec2").describe_availability_zones()["AvailabilityZones"]
    check("boto3: describe_availability_zones", len(zones) == 2, zones)
    metrics = [m for p in boto3.client("cloudwatch").get_paginator("list_metrics").paginate(
        Namespace="AWS/ECS") for m in p["Metrics"]]
    names = {m["MetricName"] for m in metrics}
    check("boto3: list_metrics", FAKE or names == {"CPUUtilization", "MemoryUtilization"}, metrics)


def takes_a_target_out(elb, group, check, until):
    def states():
        return sorted(t["TargetHealth"]["State"] for t in elb.describe_target_health(
            TargetGroupArn=group)["TargetHealthDescriptions"])

    target = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"][0]["Target"]
    elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": target["Id"], "Port": target["Port"]}])
    check("boto3: deregister_targets", states() == ["draining", "healthy"], states())
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": target["Id"], "Port": target["Port"]}])
    until("boto3: register_targets", lambda: states() == ["healthy", "healthy"])


def keeps_its_subnets(elb, check, refuses):
    balancer = elb.describe_load_balancers()["LoadBalancers"][0]
    subnets = [z["SubnetId"] for z in balancer["AvailabilityZones"]]
    answer = elb.set_subnets(LoadBalancerArn=balancer["LoadBalancerArn"], Subnets=subnets)
    check("boto3: set_subnets", len(answer["AvailabilityZones"]) == 2, answer)
    refuses("ValidationError", elb.set_subnets, LoadBalancerArn=balancer["LoadBalancerArn"], Subnets=subnets[:1])


def tags_a_service(ecs, cluster, check):
    def tags():
        service = ecs.describe_services(cluster=cluster, services=["redis"], include=["TAGS"])["services"][0]
        return {t["key"]: t["value"] for t in service["tags"]}

    before = tags()
    arn = ecs.describe_services(cluster=cluster, services=["redis"])["services"][0]["serviceArn"]
    ecs.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "1"}])
    check("boto3: ecs tag_resource", tags() == {**before, "a": "1"}, tags())
    ecs.untag_resource(resourceArn=arn, tagKeys=["a", "never"])
    check("boto3: ecs untag_resource", tags() == before, tags())


def tags_a_group(ec2, check):
    group = ec2.create_security_group(
        GroupName="tagged", Description="conformance", VpcId=ec2.describe_vpcs()["Vpcs"][0]["VpcId"])["GroupId"]
    anywhere = [{"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}]
    try:
        ec2.create_tags(Resources=[group], Tags=[{"Key": "a", "Value": "1"}])
        tags = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0].get("Tags", [])
        check("boto3: create_tags", {"Key": "a", "Value": "1"} in tags, tags)
        ec2.delete_tags(Resources=[group], Tags=[{"Key": "a"}])
        tags = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0].get("Tags", [])
        check("boto3: delete_tags", all(t["Key"] != "a" for t in tags), tags)
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=anywhere)
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=anywhere)
    finally:
        ec2.delete_security_group(GroupId=group)


def makes_an_alarm(cluster, check):
    cloudwatch = boto3.client("cloudwatch")
    dimensions = [{"Name": "ClusterName", "Value": cluster}, {"Name": "ServiceName", "Value": "redis"}]
    cloudwatch.put_metric_alarm(
        AlarmName="conformance", Namespace="AWS/ECS", MetricName="CPUUtilization", Dimensions=dimensions,
        Statistic="Average", Period=60, EvaluationPeriods=1, Threshold=99, ComparisonOperator="GreaterThanThreshold")
    try:
        cloudwatch.disable_alarm_actions(AlarmNames=["conformance"])
        cloudwatch.set_alarm_state(AlarmName="conformance", StateValue="ALARM", StateReason="conformance")
        alarm = cloudwatch.describe_alarms(AlarmNames=["conformance"])["MetricAlarms"][0]
        check("boto3: set_alarm_state", (alarm["StateValue"], alarm["ActionsEnabled"]) == ("ALARM", False), alarm)
        cloudwatch.enable_alarm_actions(AlarmNames=["conformance"])
        history = [i for p in cloudwatch.get_paginator("describe_alarm_history").paginate(
            AlarmName="conformance", PaginationConfig={"PageSize": 1}) for i in p["AlarmHistoryItems"]]
        check("boto3: describe_alarm_history", any(i["HistoryItemType"] == "StateUpdate" for i in history), history)
    finally:
        cloudwatch.delete_alarms(AlarmNames=["conformance"])
    gone = cloudwatch.describe_alarms(AlarmNames=["conformance"])["MetricAlarms"]
    check("boto3: delete_alarms", gone == [], gone)


def scales_redis(cluster, check, refuses):
    scaling = boto3.client("application-autoscaling")
    resource = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount",
                "ResourceId": f"service/{cluster}/redis"}
    scaling.register_scalable_target(**resource, MinCapacity=1, MaxCapacity=1)
    policy = scaling.put_scaling_policy(
        **resource, PolicyName="conformance", PolicyType="StepScaling", StepScalingPolicyConfiguration={
            "AdjustmentType": "ChangeInCapacity", "StepAdjustments": [
                {"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}]})
    check("boto3: put_scaling_policy", "conformance" in policy["PolicyARN"], policy)
    scaling.delete_scaling_policy(**resource, PolicyName="conformance")
    refuses("ObjectNotFoundException", scaling.delete_scaling_policy, **resource, PolicyName="conformance")
    scaling.deregister_scalable_target(**resource)
    left = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[resource["ResourceId"]])
    check("boto3: deregister_scalable_target", left["ScalableTargets"] == [], left)


def reads_a_stream(logs, group, check, refuses):
    refuses("ResourceNotFoundException", logs.get_log_events, logGroupName=group, logStreamName="none")
    streams = [s for p in logs.get_paginator("describe_log_streams").paginate(
        logGroupName=group, PaginationConfig={"PageSize": 1}) for s in p["logStreams"]]
    refuses("InvalidParameterException", logs.filter_log_events, logGroupName=group, filterPattern="{ $.a = 1 }")
    if FAKE:
        return
    check("boto3: describe_log_streams pages", len({s["logStreamName"] for s in streams}) == len(streams) > 0, streams)
    lines = logs.get_log_events(logGroupName=group, logStreamName=streams[0]["logStreamName"], startFromHead=True)
    check("boto3: get_log_events", lines["nextForwardToken"].startswith("f/"), lines)


def stops_the_database(rds, database, check, until):
    def status():
        return rds.describe_db_instances(DBInstanceIdentifier=database)["DBInstances"][0]["DBInstanceStatus"]

    stopped = rds.stop_db_instance(DBInstanceIdentifier=database)["DBInstance"]["DBInstanceStatus"]
    check("boto3: stop_db_instance", stopped in ("stopping", "stopped"), stopped)
    until("boto3: the database has stopped", lambda: status() == "stopped")
    rds.start_db_instance(DBInstanceIdentifier=database)
    rds.get_waiter("db_instance_available").wait(
        DBInstanceIdentifier=database, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    check("boto3: db_instance_available after start_db_instance", status() == "available", status())
