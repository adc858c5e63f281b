"""The chain by boto3 and git: a release served, one rolled out under traffic, one stopped by its tests, one rolled back by an alarm."""

import shutil
import sys
import time
import traceback

from chain import NAME, PORT, Chain
from server import Server
from traffic import Traffic

PATIENCE = 360


def until(what, found):
    """What a look gives, as soon as it gives something."""
    end = time.time() + PATIENCE
    while time.time() < end:
        result = found()
        if result:
            return result
        time.sleep(0.5)
    raise AssertionError(f"gave up waiting for {what}")


class Story:
    def __init__(self, chain):
        self.chain = chain
        self.page = f"http://{chain.balancer}:{PORT}/"

    def push(self, version, **change):
        """Pushes a version; returns how its execution of the pipeline ended, and the execution."""
        commit = self.chain.commit(version, **change)
        pushed = self.chain.push()
        assert pushed.returncode == 0, pushed.stdout

        def ended():
            execution = self.chain.execution_of(commit)
            return execution if execution and execution["status"] != "InProgress" else None

        execution = until(f"the execution of version {version}", ended)
        return execution["status"], execution["pipelineExecutionId"]

    def failed_actions(self, execution):
        details = self.chain.client("codepipeline").list_action_executions(
            pipelineName=NAME, filter={"pipelineExecutionId": execution})["actionExecutionDetails"]
        return {d["actionName"]: d["status"] for d in details if d["status"] != "Succeeded"}

    def two_instances_are_in_service(self):
        def in_service():
            group = self.chain.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[NAME])
            instances = group["AutoScalingGroups"][0]["Instances"]
            return sum(i["LifecycleState"] == "InService" for i in instances) == 2
        until("two instances in service", in_service)

    def version_1_is_served(self):
        status, execution = self.push(1)
        assert status == "Succeeded", (status, self.failed_actions(execution))
        assert self.chain.served() == "Hello from version 1", self.chain.served()

    def version_2_rolls_out_under_traffic_without_a_failed_request(self):
        with Traffic(self.page) as traffic:
            status, execution = self.push(2)
        print(f"        {traffic.sent()} requests, {traffic.sent() / traffic.seconds:.0f} a second: {dict(traffic.answers)}")
        assert status == "Succeeded", (status, self.failed_actions(execution))
        assert not traffic.failures(), traffic.failures()
        assert traffic.answers["Hello from version 1"] and traffic.answers["Hello from version 2"], traffic.answers
        assert self.chain.served() == "Hello from version 2", self.chain.served()

    def version_3_is_stopped_by_its_tests_and_the_report_says_why(self):
        before = self.deployments()
        status, execution = self.push(3, greeting="Hullo from")
        assert status == "Failed", status
        assert self.failed_actions(execution) == {"Build": "Failed"}, self.failed_actions(execution)
        codebuild = self.chain.client("codebuild")
        build = codebuild.list_builds_for_project(projectName=NAME)["ids"][0]
        reports = codebuild.batch_get_builds(ids=[build])["builds"][0]["reportArns"]
        cases = codebuild.describe_test_cases(reportArn=reports[0])["testCases"]
        failed = [c for c in cases if c["status"] == "FAILED"]
        assert [c["name"] for c in failed] == ["greetingNamesTheVersion"], cases
        assert "Hullo" in failed[0]["message"], failed
        assert self.deployments() == before, self.deployments()
        assert self.chain.served() == "Hello from version 2", self.chain.served()

    def version_4_raises_the_alarm_and_is_rolled_back(self):
        with Traffic(self.page) as traffic:
            status, execution = self.push(
                4, status="java.util.concurrent.ThreadLocalRandom.current().nextInt(4) == 0 ? 500 : 200")
            assert status == "Failed", status
            rollback = until("the rollback", self.rollback)
        assert self.failed_actions(execution) == {"Deploy": "Failed"}, self.failed_actions(execution)
        assert rollback["status"] == "Succeeded", rollback
        bad = self.deployment(rollback["rollbackInfo"]["rollbackTriggeringDeploymentId"])
        assert bad["errorInformation"]["code"] == "ALARM_ACTIVE", bad["errorInformation"]
        assert set(traffic.failures()) == {"HTTP 500"}, traffic.failures()
        print(f"        {bad['errorInformation']['message']}")
        with Traffic(self.page) as after:
            time.sleep(2)
        assert set(after.answers) == {"Hello from version 2"}, after.answers

    def deployments(self):
        return self.chain.client("codedeploy").list_deployments(applicationName=NAME, deploymentGroupName=NAME)["deployments"]

    def deployment(self, name):
        return self.chain.client("codedeploy").get_deployment(deploymentId=name)["deploymentInfo"]

    def rollback(self):
        newest = self.deployment(self.deployments()[0])
        rolls_back = newest.get("rollbackInfo", {}).get("rollbackTriggeringDeploymentId")
        return newest if rolls_back and newest["status"] in ("Succeeded", "Failed", "Stopped") else None


def main():
    server = Server().start()
    passed = 0
    try:
        chain = Chain(server.folder)
        chain.create()
        chain.prepare_tree()
        story = Story(chain)
        for part in (story.two_instances_are_in_service,
                     story.version_1_is_served,
                     story.version_2_rolls_out_under_traffic_without_a_failed_request,
                     story.version_3_is_stopped_by_its_tests_and_the_report_says_why,
                     story.version_4_raises_the_alarm_and_is_rolled_back):
            part()
            passed += 1
            print(f"ok      {part.__name__.replace('_', ' ')}", flush=True)
    except Exception:
        traceback.print_exc()
        print(f"The server's data and log are in {server.folder}\n{passed} passed, 1 failed", flush=True)
        return 1
    finally:
        server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)
    print(f"{passed} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
