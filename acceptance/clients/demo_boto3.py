"""The chain by boto3 and git: created, a release pushed and served, a release with a failing test stopped at the build."""

import shutil
import sys
import time

from chain import NAME, Chain
from server import Server


def await_execution(chain, commit, seconds=300):
    end = time.time() + seconds
    while time.time() < end:
        execution = chain.execution_of(commit)
        if execution and execution["status"] != "InProgress":
            return execution["status"]
        time.sleep(0.5)
    raise AssertionError(f"the execution of {commit} did not end: {chain.execution_of(commit)}")


def main():
    passed = 0
    server = Server().start()
    try:
        chain = Chain(server.folder)
        chain.create()
        chain.prepare_tree()
        first = chain.commit(1)
        assert chain.push().returncode == 0
        assert await_execution(chain, first) == "Succeeded"
        assert chain.served() == "Hello from version 1", chain.served()
        passed += 1
        print("version 1 is served", flush=True)
        release = chain.tree / "src/main/java/hello/Release.java"
        release.write_text(release.read_text().replace("Hello from version", "Hullo from version"))
        chain.git("commit", "-aqm", "Break the greeting")
        broken = chain.git("rev-parse", "HEAD").stdout.strip()
        assert chain.push().returncode == 0
        assert await_execution(chain, broken) == "Failed"
        build = chain.client("codebuild").list_builds_for_project(projectName=NAME)["ids"][0]
        reports = chain.client("codebuild").batch_get_builds(ids=[build])["builds"][0]["reportArns"]
        cases = chain.client("codebuild").describe_test_cases(reportArn=reports[0])["testCases"]
        assert any(c["status"] == "FAILED" for c in cases), cases
        assert chain.served() == "Hello from version 1"
        passed += 1
        print("the failing build deployed nothing", flush=True)
    except Exception:
        print(f"{passed} passed, 1 failed; the server's data and log are in {server.folder}", flush=True)
        raise
    finally:
        server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)
    print(f"{passed} passed, 0 failed")


if __name__ == "__main__":
    sys.exit(main())
