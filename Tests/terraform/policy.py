"""One policy, wherever it stands: docs/aws.md publishes what stack/terraform gives loadchaos' role, and it allows all
that the catalogue of faults says it needs.

Usage: policy.py LOADCHAOS   exit 1, with what differs
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]
# What the page has in the place of Terraform's values.
WORDS = {"partition": "aws", "region": "REGION", "account": "ACCOUNT", "cluster": "CLUSTER", "vpc": "VPC"}


def statements(text):
    return {statement["Sid"]: statement for statement in json.loads(text)["Statement"]}


def actions(statement):
    return statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]


page = statements(re.search(r"```json\n(.*?)```", (ROOT / "docs/aws.md").read_text(), re.S).group(1))
template = (ROOT / "stack/terraform/loadchaos-policy.json.tftpl").read_text()
role = statements(re.sub(r"\$\{(\w+)\}", lambda name: WORDS[name.group(1)], template))
allowed = {action for statement in role.values() for action in actions(statement)}

catalogue = subprocess.run([sys.argv[1], "faults"], capture_output=True, text=True, check=True).stdout
needed = set(re.findall(r"\b[a-z0-9-]+:[A-Z]\w+", catalogue))

wrong = [f"{sid}: docs/aws.md and stack/terraform differ" for sid in page | role if page.get(sid) != role.get(sid)]
wrong += [f"{action} is needed by a fault, and not allowed" for action in sorted(needed - allowed)]
if not needed:
    wrong.append("the catalogue names no action")
for line in wrong:
    print(f"FAIL  {line}")
if wrong:
    sys.exit(1)
print(f"ok    docs/aws.md and stack/terraform have one policy, and it allows the {len(needed)} actions of all faults")
