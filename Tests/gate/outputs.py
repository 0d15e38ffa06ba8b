"""What a gate wrote for machines, read by others' readers: its JSON by docs/gate.schema.json, its JUnit by junitparser.

Usage: outputs.py SCHEMA GATE.json GATE.xml   Exit 1, with words, if one of them is refused or they contradict each other.
"""

import json
import sys

import jsonschema
import junitparser

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    gate = json.load(file)

jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
wrong = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(gate)]
# A schema that lets everything pass would say nothing.
for key in schema["required"]:
    if validator.is_valid({name: value for name, value in gate.items() if name != key}):
        wrong.append(f"the schema does not miss {key}")

cases = [case for suite in junitparser.JUnitXml.fromfile(sys.argv[3]) for case in suite]
failed = sum(any(isinstance(result, junitparser.Failure) for result in case.result) for case in cases)
expected = [each["verdict"] for play in gate["plays"] for each in play["expectations"]]
if len(cases) < len(expected):
    wrong.append(f"JUnit has {len(cases)} cases, JSON {len(expected)} expectations")
if failed < sum(verdict in ("broken", "not-healed") for verdict in expected):
    wrong.append(f"JUnit has {failed} failures, JSON {expected}")

for line in wrong:
    print(f"WRONG {line}")
if not wrong:
    print(f"ok    {len(gate['plays'])} plays and {len(gate['promises'])} promises by the schema; {len(cases)} cases, {failed} of "
          "them failed, by JUnit")
sys.exit(1 if wrong else 0)
