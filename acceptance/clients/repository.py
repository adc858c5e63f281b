"""A CodeCommit repository, pushed to with git, and the pipeline that its pushes start."""

import os
import time
from pathlib import Path

import boto3

from steps import run


class Repository:
    """A working copy with a remote."""

    def __init__(self, folder, name):
        self.tree = Path(folder)
        credential = boto3.client("iam").create_service_specific_credential(
            UserName="administrator", ServiceName="codecommit.amazonaws.com")["ServiceSpecificCredential"]
        self.environment = {**os.environ, "GIT_USER": credential["ServiceUserName"], "GIT_PASSWORD": credential["ServicePassword"],
                            "GIT_TERMINAL_PROMPT": "0"}
        self.git("init", "-q")
        self.git("remote", "add", "origin", f"{os.environ['AWS_ENDPOINT_URL']}/v1/repos/{name}")

    def git(self, *arguments):
        helper = '!f() { echo "username=$GIT_USER"; echo "password=$GIT_PASSWORD"; }; f'
        return run(["git", "-c", "credential.helper=", "-c", f"credential.helper={helper}", "-c", "user.name=Acceptance",
                    "-c", "user.email=acceptance@example.com", "-c", "init.defaultBranch=main", *arguments], cwd=self.tree, env=self.environment).strip()

    def push(self, message):
        """Commits all and pushes it; gives the commit's id."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        self.git("push", "-q", "origin", "HEAD:main")
        return self.git("rev-parse", "HEAD")


def execution_of(pipeline, commit, seconds):
    """The newest execution of a pipeline with a commit, once it has succeeded."""
    client = boto3.client("codepipeline")
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        newest = client.list_pipeline_executions(pipelineName=pipeline, maxResults=1)["pipelineExecutionSummaries"]
        mine = [e for e in newest if any(r.get("revisionId") == commit for r in e.get("sourceRevisions", []))]
        if mine and mine[0]["status"] == "Succeeded":
            return mine[0]
        if mine and mine[0]["status"] in ("Failed", "Stopped"):
            raise AssertionError(f"{pipeline}: {mine[0]}\n{failures(pipeline, mine[0]['pipelineExecutionId'])}")
        time.sleep(1)
    raise AssertionError(f"{pipeline} did not end in {seconds} s: {newest}")


def failures(pipeline, execution):
    """What the actions that failed said, with the end of their builds' logs."""
    actions = boto3.client("codepipeline").list_action_executions(
        pipelineName=pipeline, filter={"pipelineExecutionId": execution})["actionExecutionDetails"]
    said = []
    for action in actions:
        if action["status"] == "Failed":
            result = action.get("output", {}).get("executionResult", {})
            said.append(f"{action['stageName']}/{action['actionName']}: {result}")
            build = result.get("externalExecutionId", "")
            if action["input"]["actionTypeId"]["provider"] == "CodeBuild" and build:
                said.append(log(build))
    return "\n".join(said)


def log(build):
    where = boto3.client("codebuild").batch_get_builds(ids=[build])["builds"][0]["logs"]
    events = boto3.client("logs").get_log_events(logGroupName=where["groupName"], logStreamName=where["streamName"])["events"]
    return "".join(e["message"] for e in events[-60:])
