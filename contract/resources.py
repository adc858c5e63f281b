#!/usr/bin/env python3
"""Writes what AWS publishes of CloudFormation's resource types, in compact form.

Source: the npm package @aws-cdk/aws-service-spec (Apache-2.0), which CDK's constructs are generated from. Run it after raising VERSION, and look
at the difference:

    contract/resources.py [--package DIR]     DIR: an unpacked package; without it, npm fetches the pinned one

Written: types.txt, the names of all types; and a file for each namespace of a service that is here, with the full schema of its types.
"""
import argparse
import gzip
import json
import pathlib
import subprocess
import tarfile
import tempfile

VERSION = "0.1.216"
SPACES = """IAM KMS S3 SNS SQS SSM SecretsManager Logs CloudWatch Events CodeCommit CodeBuild CodePipeline CodeDeploy EC2 AutoScaling
    ElasticLoadBalancingV2 CloudTrail CloudFormation CDK ECR KinesisFirehose""".split()
# What CDK writes into every template of its own; the package does not have it.
METADATA = {"AWS::CDK::Metadata": {"identifier": ["Id"], "properties": {"Analytics": {"type": "string"}},
                                   "attributes": {"Id": "string"}, "definitions": {}}}
# The types whose schema in AWS's registry says "cloudFormationSystemTags": true, of those that are here; the package leaves it out. Read from cfn-lint's data
# (cfnlint/data/schemas/resources), us-east-1's variant.
SYSTEM_TAGS = {f"AWS::{name}" for name in """AutoScaling::AutoScalingGroup CloudWatch::Alarm CloudWatch::CompositeAlarm EC2::Instance
    EC2::InternetGateway EC2::RouteTable EC2::SecurityGroup EC2::Subnet EC2::VPC ECR::Repository ElasticLoadBalancingV2::LoadBalancer
    ElasticLoadBalancingV2::TargetGroup Events::EventBus Events::Rule Logs::LogGroup S3::Bucket SNS::Topic SSM::Parameter
    SecretsManager::Secret""".split()}
TARGET = pathlib.Path(__file__).resolve().parent.parent / "kernel/src/main/resources/dev/terrane/kernel/resource"


def fetch(folder):
    subprocess.run(["npm", "pack", "--silent", f"@aws-cdk/aws-service-spec@{VERSION}"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    (archive,) = pathlib.Path(folder).glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return pathlib.Path(folder) / "package"


class Resource:
    """One type, with the nested types that it uses."""

    def __init__(self, entity, types):
        self.entity = entity
        self.types = types
        self.definitions = {}

    def compact(self):
        found = {"identifier": self.entity.get("primaryIdentifier", [])}
        if self.entity.get("cfnRefIdentifier"):
            found["ref"] = self.entity["cfnRefIdentifier"]
        tags = self.entity.get("tagInformation")
        if tags:
            found["tags"] = tags["tagPropertyName"]
        if self.entity["cloudFormationType"] in SYSTEM_TAGS:
            found["systemTags"] = True
        found["properties"] = self.properties(self.entity["properties"])
        found["attributes"] = {name: self.type(a["type"]) for name, a in sorted(self.entity["attributes"].items())}
        found["definitions"] = dict(sorted(self.definitions.items()))
        return found

    def properties(self, given):
        found = {}
        for name, p in sorted(given.items()):
            one = {"type": self.type(p["type"])}
            if p.get("required"):
                one["required"] = True
            if p.get("causesReplacement", "no") != "no":
                one["replaces"] = p["causesReplacement"]
            if p.get("defaultValue") not in (None, "-"):
                one["default"] = str(p["defaultValue"])
            found[name] = one
        return found

    def type(self, t):
        kind = t["type"]
        if kind == "array":
            return {"list": self.type(t["element"])}
        if kind == "map":
            return {"map": self.type(t["element"])}
        if kind == "tag":
            self.definitions.setdefault("Tag", {"Key": {"type": "string", "required": True},
                                                "Value": {"type": "string", "required": True}})
            return {"object": "Tag"}
        if kind == "union":
            return {"anyOf": [self.type(one) for one in t["types"]]}
        if kind == "ref":
            definition = self.types[t["reference"]["$ref"]]
            name = definition["name"]
            if name not in self.definitions:
                self.definitions[name] = {}
                self.definitions[name] = self.properties(definition["properties"])
            return {"object": name}
        if kind == "date-time":
            return "dateTime"
        if kind == "string" and t.get("allowedValues"):
            return {"allowed": t["allowedValues"]}
        return {"null": "json"}.get(kind, kind)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--package")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        package = pathlib.Path(arguments.package) if arguments.package else fetch(folder)
        with gzip.open(package / "db.json.gz") as packed:
            schema = json.load(packed)["schema"]
    types = {one["$id"]: one for one in schema["typeDefinition"]["entities"]}
    resources = {one["cloudFormationType"]: one for one in schema["resource"]["entities"]}
    (TARGET / "schema").mkdir(parents=True, exist_ok=True)
    (TARGET / "types.txt").write_text("".join(name + "\n" for name in sorted({**resources, **METADATA})))
    for space in SPACES:
        found = {name: Resource(one, types).compact() for name, one in sorted(resources.items())
                 if name.split("::")[1] == space}
        found.update({name: one for name, one in METADATA.items() if name.split("::")[1] == space})
        (TARGET / "schema" / f"{space}.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
