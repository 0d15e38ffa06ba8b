"""Every fault of the catalogue on a lab that is up, and runs that die in the middle of one.

Usage: lab.py LOADCHAOS FOLDER [FAULT…]   FOLDER has the .system file; a FAULT by its first words
"""

import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time

import boto3

LOADCHAOS, FOLDER, WANTED = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
CLUSTER, SERVICES = "ecs-microservices-cluster", ["flask-app", "nginx", "redis"]
ZONE, OTHER = "ap-south-1a", "ap-south-1b"
ecs, ec2, ssm = (boto3.client(name) for name in ("ecs", "ec2", "ssm"))
scaling = boto3.client("application-autoscaling")
wrong = []

SCALE = f"{sys.executable} -m awscli ecs update-service --cluster {CLUSTER} --service nginx --desired-count"
SHELL = f'shell "{SCALE} 0" undo "{SCALE} 2"'

# Each as a scenario words it, and what its proof must say.
EFFECTS = {
    "kill 1 task of flask-app": "stopped by us",
    "kill 50% of nginx": "stopped by us",
    "interrupt 1 task of flask-app": "SpotInterruption",
    "hang 1 task of nginx for 3m": "black hole",
    f"block zone {ZONE} for 3m": "on acl-",
    f"lose zone {OTHER} for 4m": "on acl-",
    "fail over database": "",
    "lose nat for 2m": "lead nowhere",
    "lose redis for 2m": "no task of redis runs",
    "scale flask-app to 3 tasks for 2m": "3 of 3",
    "cut flask-app from redis for 2m": "is dropped",
    "cut flask-app from database for 2m": "is dropped",
    "lose 20% of packets of flask-app for 2m": "lose 20% of the packets",
    "delay flask-app by 100ms for 2m": "late",
    "stress cpu of flask-app for 3m": "",
    "exhaust connections of database as flask-app for 2m": "refused",
    "deploy flask-app": "is deployed",
    "deploy flask-app slow": "is deployed",
    "deploy flask-app crashing": "",
    "deploy flask-app failing its health check": "",
    f"{SHELL} for 2m": "ended with 0",
}
# The lab's tasks ask no name server: there is no effect, and so no answer.
WITHOUT = ["cut flask-app from dns for 2m"]
# Killed in the middle.
DEATHS = [
    f"block zone {ZONE} for 4m", f"lose zone {OTHER} for 5m", "lose nat for 4m", "lose redis for 4m",
    "scale flask-app to 3 tasks for 4m", "hang 1 task of nginx for 4m", "cut flask-app from redis for 4m",
    "exhaust connections of database as flask-app for 4m", "deploy flask-app crashing", f"{SHELL} for 4m",
]


def check(what, passed, seen=""):
    print(f"{'ok   ' if passed else 'WRONG'}  {what}" + (f": {seen}" if seen else ""), flush=True)
    if not passed:
        wrong.append(what)


def state():
    """All that faults change; what the platform does by itself is left out: which tasks there are, where the database is."""
    services = ecs.describe_services(cluster=CLUSTER, services=SERVICES, include=["TAGS"])["services"]
    lists = ec2.describe_network_acls()["NetworkAcls"]
    arns = ecs.list_tasks(cluster=CLUSTER)["taskArns"]
    tasks = ecs.describe_tasks(cluster=CLUSTER, tasks=arns)["tasks"] if arns else []
    seen = {
        "services": sorted(
            (each["serviceName"], each["desiredCount"], each["runningCount"], len(each["deployments"]),
             each["taskDefinition"], sorted(each["networkConfiguration"]["awsvpcConfiguration"]["subnets"]),
             sorted((tag["key"], tag["value"]) for tag in each["tags"]))
            for each in services),
        "revisions": [ecs.list_task_definitions(familyPrefix=f"ecs-microservices-{name}", status="ACTIVE")
                      ["taskDefinitionArns"] for name in SERVICES],
        "scaling": sorted(
            (each["ResourceId"], each["MinCapacity"], each["MaxCapacity"], str(each.get("SuspendedState")))
            for each in scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]),
        "lists": sorted(each["NetworkAclId"] for each in lists),
        "subnets": sorted((row["SubnetId"], row["NetworkAclId"]) for each in lists for row in each["Associations"]),
        "routes": sorted(
            (table["RouteTableId"],
             sorted((each.get("DestinationCidrBlock", ""), each.get("NatGatewayId", each.get("GatewayId", "")))
                    for each in table["Routes"]),
             sorted(tag["Key"] for tag in table.get("Tags", [])))
            for table in ec2.describe_route_tables()["RouteTables"]),
        "commands": sorted(each["CommandId"] for each in ssm.list_commands()["Commands"]
                           if each["Status"] == "InProgress"),
        "by hand": sorted(each["startedBy"] for each in tasks if each.get("startedBy", "").startswith("loadchaos")),
    }
    return json.loads(json.dumps(seen))


def difference(before, now):
    return "; ".join(f"{key}: {before[key]} is {now[key]}" for key in before if before[key] != now[key])


def given_back(what, before, seconds):
    """A rollout has to end, and a task to start."""
    end = time.monotonic() + seconds
    while (left := difference(before, state())) and time.monotonic() < end:
        time.sleep(1)
    check(f"{what}: all is as before", not left, left)


def scenario(fault, results):
    file = FOLDER / "fault.scn"
    name = fault.split(" for ")[0]
    file.write_text(f"""scenario "One fault"
use "ecs-microservices.system"
speed 10

load
    warm up at 40/s for 30s
    hold 40/s for 10m

requests
    60%  GET  /api/items/{{int 1..500}}
    10%  GET  /api/rates
    20%  GET  /api/items?page={{int 1..20}}
    10%  POST /api/items  json {{"id": "{{uuid}}", "name": "item {{seq}}"}}  expect 201

chaos
    at 90s  {fault}

expect
    error rate  <= 100%  during {name}
""")
    return [LOADCHAOS, "run", str(file), "--on", "lab", "--results", str(results)]


def recorded(results, sql):
    file = results / "loadchaos.sqlite"
    if not file.exists():
        return []
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return database.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []  # It is just being made.
    finally:
        database.close()


def play(fault, words):
    """`words` None: it is to have no effect, which makes the run unknown."""
    before, results = state(), FOLDER / f"results-{len(os.listdir(FOLDER))}"
    done = subprocess.run(scenario(fault, results), capture_output=True, text=True)
    rows = recorded(results, "SELECT state, effect_proof, problem FROM faults")
    healed, proof, problem = rows[0] if rows else ("not there", None, done.stderr[-500:])
    wanted = (2, not proof) if words is None else (0, words in (proof or ""))
    passed = (done.returncode, True) == wanted and healed == "healed" and (words is None or bool(proof))
    check(short(fault), passed, f"exit {done.returncode}, {healed}, {proof or problem or 'no effect'}")
    if not passed:
        print(done.stdout[-1500:], done.stderr[-1500:])
    given_back(short(fault), before, 120)


def short(fault):
    """Without the way to the Python that has the clients."""
    return fault.replace(sys.executable, "python")


def die(fault, saviour):
    before, results = state(), FOLDER / f"results-{len(os.listdir(FOLDER))}"
    run = subprocess.Popen(scenario(fault, results), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not recorded(results, "SELECT 1 FROM faults WHERE injected_ns IS NOT NULL") and time.monotonic() < end:
        time.sleep(0.1)
    (name,), = recorded(results, "SELECT id FROM runs")
    watchdogs = [int(pid) for pid in subprocess.run(
        ["pgrep", "-f", f"__watchdog {name}"], capture_output=True, text=True).stdout.split()]
    # A command of this machine takes its time to do harm.
    while not (harmed := difference(before, state()) != "") and time.monotonic() < end:
        time.sleep(0.5)
    if saviour != "its watchdog":
        for pid in watchdogs:
            os.kill(pid, signal.SIGKILL)
    run.kill()
    run.wait()
    answer = ""
    if saviour == "its watchdog":
        while any(pathlib.Path(f"/proc/{pid}").exists() for pid in watchdogs) and time.monotonic() < end + 60:
            time.sleep(0.2)
    elif saviour == "recover":
        done = subprocess.run([LOADCHAOS, "recover", "--results", str(results)], capture_output=True, text=True)
        answer = f"exit {done.returncode}: {done.stdout.strip()} {done.stderr.strip()}" if done.returncode else ""
    else:
        for file in results.glob("journal*"):
            file.unlink()
        done = subprocess.run(
            [LOADCHAOS, "recover", "--tags", str(FOLDER / "ecs-microservices.system"), "--on", "lab"],
            capture_output=True, text=True)
        answer = f"exit {done.returncode}: {done.stdout.strip()} {done.stderr.strip()}" if done.returncode else ""
    what = f"killed in {short(fault)}, saved by {saviour}"
    check(f"{what}: it was broken, and its watchdog there", harmed and bool(watchdogs), answer)
    given_back(what, before, 120)


def is_wanted(fault):
    return not WANTED or any(fault.startswith(words) for words in WANTED)


plays = deaths = 0
for fault, words in [*EFFECTS.items(), *((fault, None) for fault in WITHOUT)]:
    if is_wanted(fault):
        play(fault, words)
        plays += 1
for fault in DEATHS:
    for saviour in ["its watchdog", "recover", "recover --tags"]:
        # What is owed to this machine no tag of the platform tells.
        if is_wanted(fault) and not (fault.startswith("shell") and saviour == "recover --tags"):
            die(fault, saviour)
            deaths += 1
print(f"{plays} faults, {deaths} deaths, {len(wrong)} wrong")
sys.exit(1 if wrong else 0)
