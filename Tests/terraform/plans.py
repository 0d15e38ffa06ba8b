"""Does `loadchaos plan` find on the applied platform what Terraform made there, as the role Terraform made for it?

Usage: plans.py LOADCHAOS FOLDER ROLE   scenarios with their .system file; AWS_ENDPOINT_URL is mock.py's

Every check prints one line; the first that fails ends with exit 1 and says what was seen.
"""

import json
import pathlib
import sys

import boto3
from botocore.exceptions import ClientError
from mocked import DATABASE, SERVICES, check, ec2, iam, keys, rds, run, services, zones

LOADCHAOS, FOLDER, ROLE = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]


def plan(scenario, environment):
    done = run(
        [LOADCHAOS, "plan", FOLDER / f"{scenario}.scn", "--on", "aws", "--json", "--results", FOLDER / "results"],
        environment)
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


vpc, subnets, (zone_a, zone_b) = zones()
tables = [
    table for table in ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    if any(route.get("NatGatewayId") for route in table["Routes"])
]
database = rds.describe_db_instances(DBInstanceIdentifier=DATABASE)["DBInstances"][0]


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
role = keys(ROLE)
try:
    refused = boto3.client(
        "ec2", aws_access_key_id=role["AWS_ACCESS_KEY_ID"], aws_secret_access_key=role["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=role["AWS_SESSION_TOKEN"]).describe_vpcs()
except ClientError as error:
    refused = error.response["Error"]["Code"]
check("the role may not do what its policy does not say", refused == "AccessDenied", refused)

names("az-failure", role, subnets_of_the_zone=of_zone(zone_a), the_VPC=[vpc])
names("zone-loss", role, subnets_of_the_zone=of_zone(zone_b), services=SERVICES)
names("rds-failover", role, the_database=[DATABASE, f"from {zone_a} to {zone_b}"])
names("nat-loss", role, route_tables=[table["RouteTableId"] for table in tables])
for scenario in ("task-kill", "redis-loss", "scale-flapping", "rolling-deploy", "bad-deploy"):
    plan(scenario, role)

iam("inf")
