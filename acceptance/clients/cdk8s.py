"""A cdk8s app that is synthesized by a pipeline's build: its manifests are the pipeline's artifact."""

import io
import shutil
import sys
import zipfile
from pathlib import Path

import boto3

from repository import Repository, execution_of
from server import HOME, Server
from steps import Steps, gone, run

NAME = "hello-cdk8s"
MANIFEST = "hello.k8s.yaml"


def main():
    server = Server().start()
    steps = Steps()
    tree = server.folder / NAME
    shutil.copytree(HOME / "examples" / NAME, tree, ignore=shutil.ignore_patterns("node_modules", "dist", "*.js"))
    cloudformation = boto3.client("cloudformation")
    s3 = boto3.client("s3")
    buckets = {}

    def aws(*arguments):
        return run([str(Path(sys.executable).parent / "aws"), "cloudformation", *arguments])

    def created():
        aws("deploy", "--stack-name", NAME, "--template-file", str(HOME / "examples/cdk8s-manifests.yaml"), "--capabilities", "CAPABILITY_IAM")
        made = cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]["Outputs"]
        buckets.update({o["OutputKey"]: o["OutputValue"] for o in made})

    def synthesized(message):
        commit = repository.push(message)
        execution = execution_of(NAME, commit, 400)
        built = boto3.client("codepipeline").list_action_executions(
            pipelineName=NAME, filter={"pipelineExecutionId": execution["pipelineExecutionId"]})["actionExecutionDetails"]
        where = next(a for a in built if a["stageName"] == "Synthesize")["output"]["outputArtifacts"][0]["s3location"]
        assert where["bucket"] == buckets["ArtifactBucket"], where
        archive = zipfile.ZipFile(io.BytesIO(s3.get_object(Bucket=where["bucket"], Key=where["key"])["Body"].read()))
        assert archive.namelist() == [MANIFEST], archive.namelist()
        manifest = archive.read(MANIFEST).decode()
        for kind in "Deployment", "Service", "Ingress":
            assert f"kind: {kind}\n" in manifest, manifest
        assert f"value: {commit}\n" in manifest, manifest
        published = s3.get_object(Bucket=buckets["ManifestBucket"], Key=MANIFEST)["Body"].read().decode()
        assert published == manifest
        return manifest

    def first():
        assert "replicas: 2\n" in synthesized("The app")

    def second():
        app = tree / "main.ts"
        app.write_text(app.read_text().replace("replicas: 2", "replicas: 3"))
        assert "replicas: 3\n" in synthesized("One replica more")

    def deleted():
        for bucket in buckets.values():
            boto3.resource("s3").Bucket(bucket).object_versions.delete()
        aws("delete-stack", "--stack-name", NAME)
        aws("wait", "stack-delete-complete", "--stack-name", NAME)
        gone(cloudformation, NAME)
        assert not s3.list_buckets()["Buckets"]

    steps.step("the pipeline is a stack", created)
    repository = Repository(tree, NAME)
    steps.step("a push: the build installs cdk8s and synthesizes, the manifests are its artifact", first)
    steps.step("a change: other manifests", second)
    steps.step("delete-stack leaves nothing", deleted)
    server.stop()
    status = steps.end()
    if status == 0:
        shutil.rmtree(server.folder, ignore_errors=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
