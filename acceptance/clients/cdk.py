"""CDK apps in TypeScript, Python and Java against a Terrane server: bootstrap, deploy, diff, drift, watch, import, destroy."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import boto3

from server import Server
from steps import Steps, gone, run

HERE = Path(__file__).resolve().parent / "cdk"


class Cdk:
    """The cdk command in an app's folder."""

    def __init__(self, installed, server):
        self.installed = Path(installed)
        self.command = str(self.installed / "node_modules/.bin/cdk")
        self.server = server
        self.environment = dict(
            os.environ,
            AWS_ENDPOINT_URL=f"https://127.0.0.1:{server.port}",  # the bootstrap bucket's policy refuses plain HTTP
            NODE_EXTRA_CA_CERTS=os.environ["AWS_CA_BUNDLE"],
            NODE_PATH=str(self.installed / "node_modules"),
            NODE_NO_WARNINGS="1",
            JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION="1",
            JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION="1",
            CDK_DISABLE_CLI_TELEMETRY="1")

    def run(self, folder, *arguments, more=None, check=True):
        return run([self.command, *arguments], cwd=folder, check=check, env={**self.environment, **(more or {})})


def outputs(name):
    stack = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}, stack["StackStatus"]


def prepare(installed, folder):
    """The apps, each in a folder of its own."""
    typescript, python, java = folder / "typescript", folder / "python", folder / "java"
    for app in typescript, python, java:
        shutil.copytree(HERE / app.name, app)
    os.symlink(Path(installed) / "node_modules", typescript / "node_modules")
    compile_app = [str(Path(installed) / "node_modules/.bin/tsc"), "--module", "commonjs", "--target", "es2022", "--skipLibCheck", "--types", "node",
                   "app.ts"]
    run(compile_app, cwd=typescript)
    watched = {"include": ["**/*.ts"], "exclude": ["node_modules", "cdk.out"]}
    (typescript / "cdk.json").write_text(json.dumps({"app": "node app.js", "build": " ".join(compile_app), "watch": watched}))
    (python / "cdk.json").write_text(json.dumps({"app": f"{installed}/python/bin/python app.py"}))
    (java / "cdk.json").write_text(json.dumps({"app": "mvn -B -ntp -q compile exec:java"}))
    return typescript, python, java


def main():
    installed = sys.argv[1]
    server = Server().start()
    cdk = Cdk(installed, server)
    steps = Steps()
    account = boto3.client("sts").get_caller_identity()["Account"]
    typescript, python, java = prepare(installed, server.folder)

    def deployed():
        cdk.run(typescript, "deploy", "--all", "--require-approval", "never")
        producer, status = outputs("Producer")
        assert status == "CREATE_COMPLETE", status
        bucket = outputs("Consumer")[0]["BucketName"]
        assert boto3.client("s3").get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
        staging = f"cdk-hnb659fds-assets-{account}-{os.environ['AWS_REGION']}"
        secure = boto3.client("s3", endpoint_url=f"https://127.0.0.1:{server.port}")
        body = secure.get_object(Bucket=staging, Key=producer["Asset"])["Body"].read()
        assert body == (HERE / "typescript/asset.txt").read_bytes()
        assert timeout() == "40"

    def timeout():
        url = outputs("Producer")[0]["QueueUrl"]
        sqs = boto3.client("sqs")
        return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]["VisibilityTimeout"]

    def roles():
        events = boto3.client("cloudtrail").lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ExecuteChangeSet"}])["Events"]
        who = {json.loads(e["CloudTrailEvent"])["userIdentity"]["arn"].split("/")[1] for e in events}
        assert any("deploy-role" in w for w in who), who

    def diff():
        said = cdk.run(typescript, "diff", "Producer", more={"TIMEOUT": "55"})
        assert "VisibilityTimeout" in said and "55" in said, said
        said = cdk.run(typescript, "diff", "Producer")
        assert "no differences" in said, said

    def changed():
        cdk.run(typescript, "deploy", "Producer", "--require-approval", "never", more={"TIMEOUT": "55"})
        assert timeout() == "55"

    def drift():
        assert "No drift" in cdk.run(typescript, "drift", "Producer")
        boto3.client("sqs").set_queue_attributes(
            QueueUrl=outputs("Producer")[0]["QueueUrl"], Attributes={"VisibilityTimeout": "7"})
        said = cdk.run(typescript, "drift", "Producer", check=False)
        assert "VisibilityTimeout" in said, said

    def imported():
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="adopted")["QueueUrl"]
        (typescript / "mapping.json").write_text(json.dumps({"Adopted": {"QueueUrl": url}}))
        cdk.run(typescript, "import", "Producer", "--resource-mapping", "mapping.json", "--force", more={"ADOPT": "1", "TIMEOUT": timeout()})
        resource = boto3.client("cloudformation").describe_stack_resource(StackName="Producer", LogicalResourceId="Adopted")
        assert resource["StackResourceDetail"]["PhysicalResourceId"] == url, resource
        assert resource["StackResourceDetail"]["ResourceStatus"] == "IMPORT_COMPLETE", resource

    def listed():
        assert cdk.run(typescript, "list").split() == ["Producer", "Consumer"]

    def destroyed():
        cdk.run(typescript, "destroy", "--all", "--force")
        gone(boto3.client("cloudformation"), "Producer")
        gone(boto3.client("cloudformation"), "Consumer")
        # CDK imports resources with the deletion policy Retain.
        left = boto3.client("sqs").list_queues().get("QueueUrls", [])
        assert all(url.endswith("/adopted") for url in left), left
        assert not [b for b in boto3.client("s3").list_buckets()["Buckets"] if not b["Name"].startswith("cdk-")]

    def in_python():
        cdk.run(python, "deploy", "--require-approval", "never")
        bucket = outputs("Archive")[0]["BucketName"]
        boto3.client("s3").head_bucket(Bucket=bucket)
        cdk.run(python, "destroy", "--force")
        gone(boto3.client("cloudformation"), "Archive")

    def in_java():
        cdk.run(java, "deploy", "--all", "--require-approval", "never")
        url = outputs("Queues")[0]["QueueUrl"]
        sqs = boto3.client("sqs")
        assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]["VisibilityTimeout"] == "50"
        boto3.client("sns").publish(TopicArn=boto3.client("sns").list_topics()["Topics"][0]["TopicArn"], Message="ordered")
        received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
        assert json.loads(received[0]["Body"])["Message"] == "ordered", received
        cloudformation = boto3.client("cloudformation")
        exported = [e["Name"] for e in cloudformation.list_exports()["Exports"] if e["Name"].startswith("Queues:")]
        assert len(exported) == 2, exported
        for name in exported:
            assert cloudformation.list_imports(ExportName=name)["Imports"] == ["Shop"], name
        cdk.run(java, "destroy", "--all", "--force")
        gone(cloudformation, "Queues")
        gone(cloudformation, "Shop")
        assert not boto3.client("sns").list_topics()["Topics"]

    def watched():
        app = typescript / "app.ts"
        before = app.read_text()
        with subprocess.Popen(
                [cdk.command, "watch", "Producer", "--no-logs"], cwd=typescript, env=cdk.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True) as watch:
            try:
                app.write_text(before.replace("?? 40", "?? 33"))
                limit = time.monotonic() + 120
                while timeout() != "33":
                    assert watch.poll() is None and time.monotonic() < limit, "watch did not deploy the change"
                    time.sleep(0.5)
            finally:
                watch.terminate()
                app.write_text(before)

    steps.step("bootstrap", lambda: cdk.run(
        typescript, "bootstrap", f"aws://{account}/{os.environ['AWS_REGION']}"))
    steps.step("deploy: two stacks, a reference across them, a file asset", deployed)
    steps.step("the bootstrap stack's roles were assumed", roles)
    steps.step("list", listed)
    steps.step("diff", diff)
    steps.step("deploy again: a change in place", changed)
    steps.step("drift", drift)
    steps.step("watch deploys what is edited", watched)
    steps.step("import of a queue that is there already", imported)
    steps.step("destroy leaves nothing", destroyed)
    steps.step("an app in Python", in_python)
    steps.step("an app in Java: two stacks, exports and imports across them", in_java)
    server.stop()
    status = steps.end()
    if status == 0:
        shutil.rmtree(server.folder, ignore_errors=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
