"""The platform on the mock, as plans.py and faults.py look at it.

Usage: mocked.py run | stop   what ECS would do by itself: start the services' tasks, and end them
"""

import os
import subprocess
import sys
import urllib.request

import boto3

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


def keys(role):
    """Of the role; one call, by somebody who has no policy."""
    given = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="mocked")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


def run(command, environment=None):
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(environment or {})})


def zones():
    vpc = elb.describe_load_balancers(Names=[BALANCER])["LoadBalancers"][0]["VpcId"]
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    return vpc, subnets, sorted({subnet["AvailabilityZone"] for subnet in subnets})


if __name__ == "__main__":
    {"run": run_tasks, "stop": stop_tasks}[sys.argv[1]]()
