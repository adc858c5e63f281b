"""Kills the server with SIGKILL at random moments of the chain, and checks after each restart that nothing acknowledged is lost.

A writer keeps acknowledged objects, messages and parameters; pushes run; the pipeline builds, deploys and rolls back. Kills come in turn during
a push, a build, a deployment, a rollback, and at any time, at a random moment of it. After each restart every acknowledged write must be there, a
fresh clone must pass git fsck, and at the end the newest version that was pushed must be served."""

import os
import random
import shutil
import subprocess
import sys
import threading
import time

from botocore.exceptions import BotoCoreError, ClientError

from chain import NAME, Chain
from server import Server


class Writer(threading.Thread):
    """Writes all the time, and remembers what was acknowledged."""

    def __init__(self, chain):
        super().__init__(daemon=True)
        self.chain = chain
        self.objects = {}
        self.parameters = {}
        self.messages = set()
        self.ending = False
        self.lock = threading.Lock()

    def run(self):
        s3, sqs, ssm = self.chain.client("s3"), self.chain.client("sqs"), self.chain.client("ssm")
        number = 0
        while not self.ending:
            number += 1
            try:
                body = os.urandom(random.choice([100, 3000, 70000]))
                s3.put_object(Bucket="kill", Key=f"o/{number}", Body=body)
                with self.lock:
                    self.objects[f"o/{number}"] = body
                sqs.send_message(QueueUrl=self.queue, MessageBody=str(number))
                with self.lock:
                    self.messages.add(str(number))
                ssm.put_parameter(Name="/kill/p", Value=str(number), Type="String", Overwrite=True)
                with self.lock:
                    self.parameters["/kill/p"] = number
            except (BotoCoreError, ClientError):
                time.sleep(0.1)
            time.sleep(0.05)

    def check(self):
        """Everything acknowledged must be there. Returns how many things were looked at."""
        with self.lock:
            objects, parameters = dict(self.objects), dict(self.parameters)
            messages = len(self.messages)
        s3, ssm, sqs = self.chain.client("s3"), self.chain.client("ssm"), self.chain.client("sqs")
        for key in random.sample(sorted(objects), min(40, len(objects))):
            body = self.chain.patiently(lambda: s3.get_object(Bucket="kill", Key=key)["Body"].read())
            assert body == objects[key], f"object {key} changed"
        listed = sum(len(page.get("Contents", [])) for page in s3.get_paginator("list_objects_v2").paginate(Bucket="kill"))
        assert listed >= len(objects), f"{len(objects)} objects acknowledged, {listed} listed"
        for name, number in parameters.items():
            value = int(self.chain.patiently(lambda: ssm.get_parameter(Name=name))["Parameter"]["Value"])
            assert value >= number, f"parameter {name} is {value}, acknowledged was {number}"
        count = int(self.chain.patiently(lambda: sqs.get_queue_attributes(
            QueueUrl=self.queue, AttributeNames=["ApproximateNumberOfMessages"]))["Attributes"]["ApproximateNumberOfMessages"])
        assert count >= messages, f"{messages} messages acknowledged, {count} in the queue"
        return len(objects) + len(parameters) + messages


class Phase:
    """What the chain does, and how a kill finds it doing that."""

    PATIENCE = 240
    NAMES = ("push", "build", "deployment", "rollback", "any")

    def __init__(self, chain):
        self.chain = chain

    def now(self):
        """The latest phase that is going on: rollback, deployment, build, or none."""
        try:
            deploy, build = self.chain.client("codedeploy"), self.chain.client("codebuild")
            active = deploy.list_deployments(
                applicationName=NAME, deploymentGroupName=NAME,
                includeOnlyStatuses=["Created", "Queued", "InProgress", "Baking", "Ready"])["deployments"]
            if active:
                info = deploy.get_deployment(deploymentId=active[0])["deploymentInfo"]
                return "rollback" if info.get("rollbackInfo", {}).get("rollbackTriggeringDeploymentId") else "deployment"
            ids = build.list_builds_for_project(projectName=NAME)["ids"][:1]
            if ids and build.batch_get_builds(ids=ids)["builds"][0]["buildStatus"] == "IN_PROGRESS":
                return "build"
        except (BotoCoreError, ClientError):
            pass
        return "none"

    def reach(self, wanted):
        """Waits for a phase, and then for a random moment of it. Returns the phase that was found at the end."""
        end = time.time() + self.PATIENCE
        while self.now() != wanted and time.time() < end:
            time.sleep(0.3)
        time.sleep(random.uniform(0, 5))
        return self.now()

    def idle(self, seconds=600):
        end = time.time() + seconds
        while self.now() != "none" and time.time() < end:
            time.sleep(1)


def check_repository(chain, acknowledged):
    folder = chain.tree.parent / "fsck"
    shutil.rmtree(folder, ignore_errors=True)
    chain.git("clone", "-q", chain.clone_url(), str(folder))
    fsck = subprocess.run(["git", "fsck", "--full", "--strict"], cwd=folder, capture_output=True, text=True)
    assert fsck.returncode == 0, fsck.stderr
    for commit in acknowledged:
        found = subprocess.run(["git", "cat-file", "-e", commit], cwd=folder)
        assert found.returncode == 0, f"pushed commit {commit} is lost"


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    random.seed(int(os.environ.get("KILL_SEED", "7")))
    server = Server().start()
    print(f"server in {server.folder}, {kills} kills to come", flush=True)
    chain = Chain(server.folder)
    chain.client("s3").create_bucket(Bucket="kill")
    queue = chain.client("sqs").create_queue(QueueName="kill")["QueueUrl"]
    chain.create()
    chain.prepare_tree()
    writer = Writer(chain)
    writer.queue = queue
    writer.start()
    acknowledged = []
    done = 0
    version = 0
    failures = 0
    phase = Phase(chain)
    validate = chain.tree / "scripts" / "validate.sh"
    good = validate.read_text()
    while done < kills:
        version += 1
        wanted = Phase.NAMES[done % len(Phase.NAMES)]
        validate.write_text("#!/bin/sh\nexit 1\n" if wanted == "rollback" else good)
        commit = chain.commit(version)
        begin = time.time()
        if wanted in ("push", "any"):
            killer = threading.Timer(random.uniform(0, 2 if wanted == "push" else 45), server.kill)
            killer.start()
            pushed = chain.push()
            killer.join()
            found = wanted
        else:
            pushed = chain.push()
            found = phase.reach(wanted)
            server.kill()
        moment = time.time() - begin
        if pushed.returncode == 0:
            acknowledged.append(commit)
        done += 1
        server.start()
        try:
            checked = writer.check()
            if acknowledged:
                check_repository(chain, acknowledged)
            print(f"kill {done:3} during {found}, {moment:5.1f} s after version {version} was sent "
                  f"({'push acknowledged' if pushed.returncode == 0 else 'push cut off'}): "
                  f"{checked} writes and {len(acknowledged)} pushes are there, fsck is clean", flush=True)
        except AssertionError as e:
            failures += 1
            print(f"kill {done:3}: LOST: {e}", flush=True)
    phase.idle()
    version += 1
    validate.write_text(good)
    last = chain.commit(version)
    while chain.push().returncode != 0:
        time.sleep(1)
    end = time.time() + 600
    served = None
    while time.time() < end and served != f"Hello from version {version}":
        time.sleep(2)
        try:
            served = chain.served()
        except OSError as e:
            served = str(e)
    if served != f"Hello from version {version}":
        failures += 1
        print(f"LOST: the last version is {version}, the balancer serves: {served}; "
              f"execution {chain.execution_of(last)}", flush=True)
    writer.ending = True
    server.stop()
    if not failures:
        shutil.rmtree(server.folder, ignore_errors=True)
    print(f"{done - min(failures, done)} passed, {failures} failed", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
