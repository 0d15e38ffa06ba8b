"""Every call of every fault is signed as AWS checks it and allowed by the published policy; a policy with one action less
is found out by `loadchaos doctor`, and a fault that meets it says which, and gives back what it has changed.

Usage: faults.py LOADCHAOS PLAYER FOLDER ROLE   PLAYER plays a scenario's faults alone; FOLDER has the .system file

Commands in tasks and experiments are only asked for by doctor: the mock knows neither agents nor experiments.
"""

import json
import os
import pathlib
import re
import sys

import boto3
from mocked import SERVICES, check, ec2, ecs, iam, keys, run, services, tasks, zones

LOADCHAOS, PLAYER, FOLDER, ROLE = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), sys.argv[4]
ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
SYSTEM = FOLDER / "ecs-microservices.system"
JOURNAL = FOLDER / "journal.sqlite"
scaling, policies = boto3.client("application-autoscaling"), boto3.client("iam")
name = ROLE.rsplit("/", 1)[-1]
whole = policies.get_role_policy(RoleName=name, PolicyName="loadchaos")["PolicyDocument"]
vpc, _, (zone, _) = zones()

# Each with the mutating actions that a run of it alone must meet. CreateNetworkAcl tags what it makes; the mock does not
# ask for CreateTags then.
BLOCK = ["ec2:CreateNetworkAcl", "ec2:ReplaceNetworkAclAssociation", "ec2:DeleteNetworkAcl"]
MARKS = ["ecs:TagResource", "ecs:UntagResource"]
FAULTS = {
    f"block zone {zone} for 1m": BLOCK,
    f"lose zone {zone} for 1m": BLOCK + MARKS + ["ecs:UpdateService"],
    "fail over database": ["rds:RebootDBInstance"],
    "lose nat for 1m": ["ec2:CreateTags", "ec2:DeleteRoute", "ec2:CreateRoute", "ec2:DeleteTags"],
    "lose redis for 1m": MARKS + ["ecs:UpdateService"],
    "scale flask-app to 4 tasks for 1m":
        MARKS + ["application-autoscaling:RegisterScalableTarget", "ecs:UpdateService"],
    "deploy flask-app": ["ecs:RegisterTaskDefinition", "ecs:UpdateService", "ecs:DeregisterTaskDefinition"],
    "kill 1 task of flask-app": ["ecs:StopTask"],
    "exhaust connections of database as flask-app for 1m": ["ecs:RunTask", "ecs:StopTask"],
}


def allow(without=None):
    """The policy's actions, but for one; by somebody who is asked for none.

    The mock reads no conditions, asks for every action on the resource `*` alone, and calls CloudWatch by its address.
    """
    iam("inf")
    actions = {
        action for statement in whole["Statement"]
        for action in (statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]])
    } - {without}
    statement = {
        "Effect": "Allow", "Resource": "*",
        "Action": sorted(actions | {action.replace("cloudwatch:", "monitoring:") for action in actions}),
    }
    policies.put_role_policy(
        RoleName=name, PolicyName="loadchaos",
        PolicyDocument=json.dumps({"Version": whole["Version"], "Statement": [statement]}))
    iam(0)


def state():
    """All that faults change, as it is now; asked without a policy."""
    iam("inf")
    ours = [{"Name": "vpc-id", "Values": [vpc]}]
    lists = ec2.describe_network_acls(Filters=ours)["NetworkAcls"]
    tables = ec2.describe_route_tables(Filters=ours)["RouteTables"]
    seen = {
        "lists": sorted(each["NetworkAclId"] for each in lists),
        "subnets": sorted((row["SubnetId"], row["NetworkAclId"]) for each in lists for row in each["Associations"]),
        "routes": {each["RouteTableId"]: (each["Routes"], each["Tags"]) for each in tables},
        "services": [
            (each["serviceName"], each["desiredCount"], each["taskDefinition"], each["networkConfiguration"],
             sorted(tag["key"] for tag in each["tags"]))
            for each in services()
        ],
        "revisions": [ecs.list_task_definitions(familyPrefix=f"ecs-microservices-{each}", status="ACTIVE")
                      ["taskDefinitionArns"] for each in SERVICES],
        "by hand": [task["startedBy"] for task in tasks()
                    if task["lastStatus"] != "STOPPED" and task.get("startedBy", "").startswith("loadchaos")],
        "scaling": [(each["ResourceId"], each["MinCapacity"], each["MaxCapacity"])
                    for each in scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]],
    }
    return json.dumps(seen, sort_keys=True, default=str)


def play(fault):
    scenario = FOLDER / "fault.scn"
    scenario.write_text(f"""scenario "A fault alone"
use "{SYSTEM.name}"

load
    hold 1/s for 10m

requests
    100%  GET  /

chaos
    at 1m  {fault}

expect
    error rate  < 50%
""")
    done = run([PLAYER, scenario, ENDPOINT, JOURNAL], role)
    return done.returncode, done.stdout + done.stderr


def doctor():
    """What is said of each action: ok, missing or unknown, and in which words."""
    done = run([LOADCHAOS, "doctor", SYSTEM, "--on", "aws"], role)
    lines = re.findall(r"^(\w+) +([a-z0-9-]+:[A-Z]\w+) +(.*)$", done.stdout, re.M)
    return done, {action: (state, words) for state, action, words in lines}


role = keys(ROLE)

allow()
done, found = doctor()
allowed = [action for action, (said, _) in found.items() if said == "ok"]
check(f"doctor finds nothing missing, and {len(allowed)} of {len(found)} actions allowed", done.returncode == 0,
      done.stdout + done.stderr)
print("      it cannot tell: " + ", ".join(action for action, (said, _) in found.items() if said == "unknown"))
# Nobody can be refused the first, and the mock does not ask for the second when a list is made.
for action in set(allowed) - {"sts:GetCallerIdentity", "ec2:CreateTags"}:
    allow(without=action)
    done, found = doctor()
    said, words = found.get(action, ("nothing", done.stdout + done.stderr))
    if (done.returncode, said) != (69, "missing") or f"allow {action};" not in words:
        check(f"without {action} doctor says so", False, f"exit {done.returncode}, {said}: {words}")
check(f"without one action doctor names it, each of {len(allowed) - 2}", True)

before = state()
for fault, actions in FAULTS.items():
    allow()
    _, said = play(fault)
    check(f"{fault}: every call is signed and allowed", f"{fault.split(' for ')[0]}: injected" in said
          and "AccessDenied" not in said and "Signature" not in said, said)
    check(f"{fault}: all is as before", state() == before, f"{before}\n{state()}")
    if fault.startswith("kill"):
        victims = [task["group"] for task in tasks() if task["lastStatus"] == "STOPPED"]
        check("only a task of its own service was stopped", victims == ["service:flask-app"], victims)
    for action in actions:
        allow(without=action)
        _, said = play(fault)
        if f"allow {action};" not in said:
            check(f"{fault}: without {action} it says so", False, said)
        iam("inf")
        run([LOADCHAOS, "recover", "--journal", JOURNAL])
        check(f"{fault}: without {action} it says so, and all is given back", state() == before,
              f"{before}\n{state()}\n{said}")
iam("inf")
policies.put_role_policy(RoleName=name, PolicyName="loadchaos", PolicyDocument=json.dumps(whole))
