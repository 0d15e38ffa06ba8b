"""Does `loadchaos plan` find on the applied platform what Terraform made there, as the role Terraform made for it?

Usage: plans.py LOADCHAOS FOLDER ROLE   scenarios with their .system file; AWS_ENDPOINT_URL is mock.py's

Every check prints one line; the first that fails ends with exit 1 and says what was seen.
"""

import json
import os
import pathlib
import subprocess
import sys
import urllib.request

import boto3
from botocore.exceptions import ClientError

LOADCHAOS, FOLDER, ROLE = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
CLUSTER, BALANCER, DATABASE = (f"ecs-microservices-{name}" for name in ("cluster", "alb", "db"))
SERVICES = ["flask-app", "nginx", "redis"]
ecs, elb, ec2, rds = (boto3.client(name) for name in ("ecs", "elbv2", "ec2", "rds"))


def check(what, passed, seen=""):
    print(f"{'ok  ' if passed else 'FAIL'}  {what}" + ("" if passed else f": {seen}"), flush=True)
    if not passed:
        sys.exit(1)


def services():
    return ecs.describe_services(cluster=CLUSTER, services=SERVICES, include=["TAGS"])["services"]


def tasks():
    arns = ecs.list_tasks(cluster=CLUSTER)["taskArns"]
    return ecs.describe_tasks(cluster=CLUSTER, tasks=arns)["tasks"] if arns else []


def interface(task, what):
    return next(detail["value"] for detail in task["attachments"][0]["details"] if detail["name"] == what)


def run_tasks():
    """What ECS would do by itself: tasks in all zones, in turn, and those of a balanced service in its target group."""
    for service in services():
        name, network = service["serviceName"], service["networkConfiguration"]["awsvpcConfiguration"]
        for number in range(service["desiredCount"]):
            subnet = network["subnets"][number % len(network["subnets"])]
            task = ecs.run_task(
                cluster=CLUSTER, taskDefinition=service["taskDefinition"], launchType="FARGATE",
                group=f"service:{name}",
                networkConfiguration={"awsvpcConfiguration": {**network, "subnets": [subnet]}})["tasks"][0]
            address = interface(task, "privateIPv4Address")
            for balanced in service["loadBalancers"]:
                elb.register_targets(
                    TargetGroupArn=balanced["targetGroupArn"],
                    Targets=[{"Id": address, "Port": balanced["containerPort"]}])
        # The mock counts a service's tasks as running as soon as it is told how many it wants.
        ecs.update_service(cluster=CLUSTER, service=name, desiredCount=service["desiredCount"])


def stop_tasks():
    """And at a service's end: its tasks' interfaces would keep subnets and security groups from being deleted."""
    for task in tasks():
        ecs.stop_task(cluster=CLUSTER, task=task["taskArn"])
        ec2.delete_network_interface(NetworkInterfaceId=interface(task, "networkInterfaceId"))


def iam(calls):
    """From now on all but the first `calls` calls are let through only as far as a policy goes."""
    urllib.request.urlopen(
        urllib.request.Request(
            f"{os.environ['AWS_ENDPOINT_URL']}/moto-api/reset-auth", data=str(calls).encode(),
            headers={"Content-Type": "text/plain"}))


def keys():
    """Of the role; one call, by somebody who has no policy."""
    given = boto3.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="plan")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


def plan(scenario, environment):
    done = subprocess.run(
        [LOADCHAOS, "plan", FOLDER / f"{scenario}.scn", "--on", "aws", "--json", "--results", FOLDER / "results"],
        capture_output=True, text=True, env={**os.environ, **environment})
    check(f"{scenario} is planned", done.returncode == 0, f"exit {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)["preview"]["faults"]


def words(faults):
    return "\n".join(line for fault in faults for line in fault["targets"] + fault["calls"])


def names(scenario, environment, **expected):
    """Each expected id stands in what the scenario's faults would hit or call."""
    said = words(plan(scenario, environment))
    for what, ids in expected.items():
        missing = [each for each in ids if each not in said]
        check(f"{scenario} names {what.replace('_', ' ')} {', '.join(ids)}", not missing, f"{missing} not in\n{said}")


run_tasks()
vpc = elb.describe_load_balancers(Names=[BALANCER])["LoadBalancers"][0]["VpcId"]
ours = [{"Name": "vpc-id", "Values": [vpc]}]
subnets = ec2.describe_subnets(Filters=ours)["Subnets"]
tables = [
    table for table in ec2.describe_route_tables(Filters=ours)["RouteTables"]
    if any(route.get("NatGatewayId") for route in table["Routes"])
]
database = rds.describe_db_instances(DBInstanceIdentifier=DATABASE)["DBInstances"][0]
running = tasks()


def of_zone(zone):
    return [subnet["SubnetId"] for subnet in subnets if subnet["AvailabilityZone"] == zone]


# On loopback loadchaos does not compare the guard, so the tag is looked for here.
tagged = {
    "the subnets": [subnet["Tags"] for subnet in subnets],
    "the route tables with a way out": [table["Tags"] for table in tables],
    "the database": [database["TagList"]],
    "the services": [service["tags"] for service in services()],
}
for what, tags in tagged.items():
    found = [{tag.get("Key", tag.get("key")): tag.get("Value", tag.get("value")) for tag in each} for each in tags]
    check(f"{what} ({len(found)}) carry the guard's tag", found and all(t.get("loadchaos") == "allowed" for t in found),
          found)

iam(1)
role = keys()
try:
    refused = boto3.client(
        "ec2", aws_access_key_id=role["AWS_ACCESS_KEY_ID"], aws_secret_access_key=role["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=role["AWS_SESSION_TOKEN"]).describe_vpcs()
except ClientError as error:
    refused = error.response["Error"]["Code"]
check("the role may not do what its policy does not say", refused == "AccessDenied", refused)

zone_a, zone_b = sorted({subnet["AvailabilityZone"] for subnet in subnets})
names("az-failure", role, subnets_of_the_zone=of_zone(zone_a), the_VPC=[vpc])
names("zone-loss", role, subnets_of_the_zone=of_zone(zone_b), services=SERVICES)
names("rds-failover", role, the_database=[DATABASE, f"from {zone_a} to {zone_b}"])
names("nat-loss", role, route_tables=[table["RouteTableId"] for table in tables])
for scenario in ("task-kill", "redis-loss", "scale-flapping", "rolling-deploy", "bad-deploy"):
    plan(scenario, role)

iam("inf")
stop_tasks()
