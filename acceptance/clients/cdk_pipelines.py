"""CDK Pipelines against a Terrane server: a pipeline from a CodeCommit repository that deploys an app, and changes itself."""

import os
import shutil
import sys
from pathlib import Path

import boto3

from cdk import HERE, Cdk, outputs
from repository import Repository, execution_of
from server import Server
from steps import Steps, gone, run

SHOP = "shop"
DELIVERY = "Delivery"
MINUTES = 60


def main():
    installed = Path(sys.argv[1])
    server = Server().start()
    cdk = Cdk(installed, server)
    steps = Steps()
    tree = server.folder / SHOP
    shutil.copytree(HERE / "pipelines", tree)
    os.symlink(installed / "node_modules", tree / "node_modules")
    account = boto3.client("sts").get_caller_identity()["Account"]
    cloudformation = boto3.client("cloudformation")
    pipelines = boto3.client("codepipeline")
    staging = f"cdk-hnb659fds-assets-{account}-{os.environ['AWS_REGION']}"
    pushed = []

    def stages():
        return [s["name"] for s in pipelines.get_pipeline(name=SHOP)["pipeline"]["stages"]]

    def timeout(stack):
        made, status = outputs(stack)
        assert status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), status
        return boto3.client("sqs").get_queue_attributes(
            QueueUrl=made["QueueUrl"], AttributeNames=["VisibilityTimeout"])["Attributes"]["VisibilityTimeout"]

    def prices(stack):
        secure = boto3.client("s3", endpoint_url=f"https://127.0.0.1:{server.port}")
        return secure.get_object(Bucket=staging, Key=outputs(stack)[0]["PricesKey"])["Body"].read().decode()

    def deployed():
        cdk.run(tree, "deploy", DELIVERY, "--require-approval", "never")
        assert stages() == ["Source", "Build", "UpdatePipeline", "Assets", "Test"], stages()

    def ran():
        execution_of(SHOP, pushed[0], 10 * MINUTES)
        assert timeout("Test-Orders") == "45"
        assert prices("Test-Orders") == "apple 3\n"

    def changed():
        app = tree / "app.ts"
        app.write_text(app.read_text().replace('["Test"]', '["Test", "Production"]').replace("seconds(45)", "seconds(50)"))
        (tree / "prices.txt").write_text("apple 4\n")
        commit = repository.push("A stage more")
        execution_of(SHOP, commit, 15 * MINUTES)
        assert stages() == ["Source", "Build", "UpdatePipeline", "Assets", "Test", "Production"], stages()
        for stack in "Test-Orders", "Production-Orders":
            assert timeout(stack) == "50", stack
            assert prices(stack) == "apple 4\n", stack

    def changed_by_itself():
        who = [e["Username"] for e in boto3.client("cloudtrail").lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "UpdatePipeline"}])["Events"]]
        assert who and all(name != "administrator" for name in who), who

    def destroyed():
        for stack in "Test-Orders", "Production-Orders":
            cloudformation.delete_stack(StackName=stack)
            cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
            gone(cloudformation, stack)
        cdk.run(tree, "destroy", DELIVERY, "--force")
        gone(cloudformation, DELIVERY)
        assert not pipelines.list_pipelines()["pipelines"]
        assert not boto3.client("codebuild").list_projects()["projects"]
        assert not boto3.client("sqs").list_queues().get("QueueUrls")

    boto3.client("codecommit").create_repository(repositoryName=SHOP)
    repository = Repository(tree, SHOP)
    pushed.append(repository.push("The shop and its pipeline"))
    run([str(installed / "node_modules/.bin/tsc"), "--module", "commonjs", "--target", "es2022", "--skipLibCheck", "--types", "node", "app.ts"], cwd=tree)
    steps.step("bootstrap", lambda: cdk.run(tree, "bootstrap", f"aws://{account}/{os.environ['AWS_REGION']}"))
    steps.step("cdk deploy of the pipeline's stack", deployed)
    steps.step("the pipeline synthesizes, leaves itself as it is, publishes assets and deploys the first stage", ran)
    steps.step("a push that adds a stage: the pipeline changes itself and deploys both", changed)
    steps.step("nobody else changed it", changed_by_itself)
    steps.step("destroy leaves nothing", destroyed)
    server.stop()
    status = steps.end()
    if status == 0:
        shutil.rmtree(server.folder, ignore_errors=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
