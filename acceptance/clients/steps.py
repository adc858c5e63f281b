"""What a suite shows: a line a step, and how many held at the end."""

import subprocess

from botocore.exceptions import BotoCoreError, ClientError


class Steps:
    """Steps that go on after one that failed."""

    def __init__(self):
        self.passed = self.failed = 0

    def step(self, text, work):
        try:
            work()
        except (AssertionError, BotoCoreError, ClientError, subprocess.TimeoutExpired, KeyError) as e:
            self.failed += 1
            print(f"FAILED  {text}: {e}", flush=True)
        else:
            self.passed += 1
            print(f"ok      {text}", flush=True)

    def end(self):
        """Prints the sum, and gives the status to exit with."""
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def run(command, check=True, **more):
    """What a command printed; an AssertionError with it when the command fails."""
    result = subprocess.run(command, text=True, timeout=600, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)
    if check and result.returncode != 0:
        raise AssertionError(f"{' '.join(str(c) for c in command)} ended with {result.returncode}:\n{result.stdout}")
    return result.stdout


def gone(client, name):
    """Checks that there is no stack of a name."""
    try:
        client.describe_stacks(StackName=name)
    except ClientError as e:
        assert "does not exist" in str(e), e
    else:
        raise AssertionError(f"stack {name} is still there")
