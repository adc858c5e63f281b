"""Templates by the tools that people use: cfn-lint, aws cloudformation, SAM's command line, against a Terrane server."""

import json
import os
import shutil
import sys
from pathlib import Path

import boto3

from server import HOME, Server
from steps import Steps, gone, run

TEMPLATES = Path(__file__).resolve().parent / "templates"


def main():
    tools = Path(sys.argv[1]) / "bin"
    server = Server().start()
    steps = Steps()
    folder = server.folder / "templates"
    shutil.copytree(TEMPLATES, folder)
    cloudformation = boto3.client("cloudformation")
    boto3.client("s3").create_bucket(Bucket="for-templates")
    quiet = {**os.environ, "SAM_CLI_TELEMETRY": "0"}

    def aws(*arguments, check=True):
        return run([str(Path(sys.executable).parent / "aws"), "cloudformation", *arguments], cwd=folder, check=check)

    def sam(*arguments):
        return run([str(tools / "sam"), *arguments], cwd=folder, env=quiet)

    def lint():
        # What W3002 warns of is that shop.yaml names a file, which package uploads.
        run([str(tools / "cfn-lint"), "--ignore-checks", "W3002", "--", str(HOME / "examples/delivery-chain.yaml"),
             str(HOME / "examples/cdk8s-manifests.yaml"), "orders.yaml", "shop.yaml", "nested/log.yaml"], cwd=folder)

    def outputs(name):
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        return {o["OutputKey"]: o["OutputValue"] for o in stack["Outputs"]}

    def retention(log):
        return boto3.client("logs").describe_log_groups(logGroupNamePrefix=log)["logGroups"][0]["retentionInDays"]

    def packaged():
        aws("package", "--template-file", "shop.yaml", "--s3-bucket", "for-templates", "--output-template-file", "packaged.yaml")
        assert "for-templates" in (folder / "packaged.yaml").read_text()

    def deployed():
        aws("deploy", "--stack-name", "shop", "--template-file", "packaged.yaml", "--tags", "team=shop")
        made = outputs("shop")
        assert retention(made["Log"]) == 7
        encryption = boto3.client("s3").get_bucket_encryption(Bucket=made["Store"])["ServerSideEncryptionConfiguration"]
        assert encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms", encryption
        exports = {e["Name"]: e["Value"] for e in cloudformation.list_exports()["Exports"]}
        assert exports["shop-store"] == made["Store"], exports

    def changed():
        aws("deploy", "--stack-name", "shop", "--template-file", "packaged.yaml", "--tags", "team=shop", "--parameter-overrides", "Days=30")
        assert retention(outputs("shop")["Log"]) == 30
        said = aws("deploy", "--stack-name", "shop", "--template-file", "packaged.yaml", "--tags", "team=shop",
                   "--parameter-overrides", "Days=30", "--no-fail-on-empty-changeset")
        assert "No changes to deploy" in said, said

    def rolled_back():
        said = aws("deploy", "--stack-name", "shop", "--template-file", "packaged.yaml", "--tags", "team=shop",
                   "--parameter-overrides", "Days=14", "KeyOwner=user/nobody", check=False)
        assert "Failed to create/update the stack" in said, said
        assert cloudformation.describe_stacks(StackName="shop")["Stacks"][0]["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
        assert retention(outputs("shop")["Log"]) == 30
        events = cloudformation.describe_stack_events(StackName="shop")["StackEvents"]
        reasons = [e.get("ResourceStatusReason", "") for e in events if e["ResourceStatus"] == "UPDATE_FAILED"]
        assert any("will not allow you to update the key policy" in r for r in reasons), reasons

    def refused():
        (folder / "wrong.yaml").write_text((folder / "packaged.yaml").read_text().replace("EnableKeyRotation", "EnableKeyRotatoin"))
        said = aws("deploy", "--stack-name", "wrong", "--template-file", "wrong.yaml", check=False)
        assert "EnableKeyRotation" in said, said

    def drifted():
        boto3.client("logs").put_retention_policy(logGroupName=outputs("shop")["Log"], retentionInDays=1)
        nested = cloudformation.describe_stack_resource(StackName="shop", LogicalResourceId="Log")["StackResourceDetail"]["PhysicalResourceId"]
        detection = json.loads(aws("detect-stack-drift", "--stack-name", nested))["StackDriftDetectionId"]
        while True:
            status = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
            if status["DetectionStatus"] != "DETECTION_IN_PROGRESS":
                break
        assert status["StackDriftStatus"] == "DRIFTED", status

    def deleted():
        aws("delete-stack", "--stack-name", "shop")
        aws("wait", "stack-delete-complete", "--stack-name", "shop")
        gone(cloudformation, "shop")

    def by_sam():
        sam("validate", "--lint", "--template", "orders.yaml")
        sam("deploy", "--stack-name", "orders", "--template", "orders.yaml", "--s3-bucket", "for-templates",
            "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--no-confirm-changeset", "--no-progressbar")
        url = outputs("orders")["OrdersUrl"]
        boto3.client("sns").publish(TopicArn=next(t["TopicArn"] for t in boto3.client("sns").list_topics()["Topics"]), Message="new")
        received = boto3.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
        assert json.loads(received[0]["Body"])["Message"] == "new"

    def changed_by_sam():
        sam("deploy", "--stack-name", "orders", "--template", "orders.yaml", "--s3-bucket", "for-templates", "--parameter-overrides", "Seconds=45",
            "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--no-confirm-changeset", "--no-progressbar")
        url = outputs("orders")["OrdersUrl"]
        attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
        assert attributes["VisibilityTimeout"] == "45", attributes
        assert "OrdersUrl" in sam("list", "stack-outputs", "--stack-name", "orders", "--output", "json")

    def deleted_by_sam():
        sam("delete", "--stack-name", "orders", "--no-prompts", "--region", os.environ["AWS_REGION"])
        gone(cloudformation, "orders")
        assert not boto3.client("sqs").list_queues().get("QueueUrls")
        assert not boto3.client("sns").list_topics()["Topics"]
        assert not boto3.client("logs").describe_log_groups()["logGroups"]
        assert [b["Name"] for b in boto3.client("s3").list_buckets()["Buckets"]] == ["for-templates"]

    def stack_set():
        iam = boto3.client("iam")
        account = boto3.client("sts").get_caller_identity()["Account"]
        administration, execution = "AWSCloudFormationStackSetAdministrationRole", "AWSCloudFormationStackSetExecutionRole"
        instances = ["--stack-set-name", "fleet", "--accounts", account, "--regions", os.environ["AWS_REGION"], "eu-north-1"]

        def role(name, trusted, actions):
            statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trusted}
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
            may = {"Effect": "Allow", "Action": actions, "Resource": "*"}
            iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [may]}))

        def operation(*arguments):
            identifier = json.loads(aws(*arguments))["OperationId"]
            while True:
                said = json.loads(aws("describe-stack-set-operation", "--stack-set-name", "fleet", "--operation-id", identifier))["StackSetOperation"]
                if said["Status"] not in ("QUEUED", "RUNNING", "STOPPING"):
                    results = json.loads(aws("list-stack-set-operation-results", "--stack-set-name", "fleet", "--operation-id", identifier))["Summaries"]
                    return said["Status"], [result.get("StatusReason", "") for result in results]

        def seconds(region):
            sqs = boto3.client("sqs", region_name=region)
            return sqs.get_queue_attributes(QueueUrl=sqs.get_queue_url(QueueName="fleet")["QueueUrl"], AttributeNames=["All"])["Attributes"]["VisibilityTimeout"]

        (folder / "fleet.yaml").write_text("""
Parameters: {Seconds: {Type: Number, Default: 30}}
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: fleet, VisibilityTimeout: !Ref Seconds}}
""")
        aws("create-stack-set", "--stack-set-name", "fleet", "--template-body", "file://fleet.yaml")
        status, reasons = operation("create-stack-instances", *instances)
        assert status == "FAILED" and any(administration in reason for reason in reasons), (status, reasons)
        role(administration, {"Service": "cloudformation.amazonaws.com"}, "sts:AssumeRole")
        role(execution, {"AWS": f"arn:aws:iam::{account}:role/{administration}"}, ["cloudformation:*", "sqs:*"])
        assert operation("create-stack-instances", *instances)[0] == "SUCCEEDED"
        assert seconds("eu-north-1") == "30"
        changed = operation("update-stack-set", "--stack-set-name", "fleet", "--use-previous-template",
                            "--parameters", "ParameterKey=Seconds,ParameterValue=60",
                            "--operation-preferences", "RegionConcurrencyType=PARALLEL")
        assert changed[0] == "SUCCEEDED" and seconds("eu-north-1") == seconds(os.environ["AWS_REGION"]) == "60", changed
        assert operation("delete-stack-instances", *instances, "--no-retain-stacks")[0] == "SUCCEEDED"
        aws("delete-stack-set", "--stack-set-name", "fleet")
        assert not boto3.client("sqs").list_queues().get("QueueUrls")

    steps.step("cfn-lint finds nothing in the templates", lint)
    steps.step("aws cloudformation package uploads the nested template", packaged)
    steps.step("aws cloudformation deploy creates", deployed)
    steps.step("aws cloudformation deploy changes, and says when there is nothing to", changed)
    steps.step("a change that fails is rolled back", rolled_back)
    steps.step("a misspelt property is refused with the right name", refused)
    steps.step("drift of a nested stack", drifted)
    steps.step("delete-stack leaves nothing", deleted)
    steps.step("a stack set in two regions, by roles", stack_set)
    steps.step("sam deploy", by_sam)
    steps.step("sam deploy again", changed_by_sam)
    steps.step("sam delete leaves nothing", deleted_by_sam)
    server.stop()
    status = steps.end()
    if status == 0:
        shutil.rmtree(server.folder, ignore_errors=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
