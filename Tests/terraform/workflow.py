"""What can be said of stack/github/deploy.yml without GitHub: it reads, its scripts parse, and it names what Terraform
makes. Exit 1, with what does not.
"""

import json
import pathlib
import re
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).parents[2]
flow = yaml.safe_load((ROOT / "stack/github/deploy.yml").read_text())
system = (ROOT / "scenarios/ecs-microservices.system").read_text()
wrong = []


def check(what, passed):
    if not passed:
        wrong.append(what)


check("the cluster is the system's", f"\ncluster {flow['env']['CLUSTER']}\n" in system)
check("nothing is allowed that a job does not ask for", flow["permissions"] == {})
check("a deployment is never broken off", flow["concurrency"]["cancel-in-progress"] is False)
for name, job in flow["jobs"].items():
    check(f"{name} ends some day", "timeout-minutes" in job)
    check(f"{name} writes nothing but its token", set(job["permissions"].items()) <= {
        ("contents", "read"), ("id-token", "write")})
    for step in job["steps"]:
        if "uses" in step:
            check(f"{step['uses']} is pinned to a major version", re.search(r"@v\d+$", step["uses"]))
        if "run" in step:
            parsed = subprocess.run(["bash", "-n"], input=step["run"], text=True, capture_output=True)
            check(f"the script of {name} parses: {parsed.stderr}", parsed.returncode == 0)
        given = step.get("with", {})
        if family := given.get("task-definition-family"):
            check(f"{family} is one of Terraform's", family == f"ecs-microservices-{given['container-name']}")
        if overrides := given.get("run-task-container-overrides"):
            check("the command that prepares the database is Python",
                  compile(json.loads(overrides)[0]["command"][-1], "command", "exec"))
for line in wrong:
    print(f"FAIL  stack/github/deploy.yml: not so: {line}")
if wrong:
    sys.exit(1)
print("ok    stack/github/deploy.yml reads, and names what Terraform makes")
