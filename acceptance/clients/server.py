"""A Terrane server in a process of its own, for suites that start, kill and restart it."""

import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]


class Server:
    """Started by the launcher as a user would; its data outlives it."""

    def __init__(self, folder=None, port=0):
        self.folder = Path(folder or tempfile.mkdtemp(prefix="terrane-suite-"))
        self.port = port
        self.pid = None
        self.environment = {}

    def _run(self, *arguments):
        result = subprocess.run(
            [str(HOME / "terrane"), *arguments, "--data", str(self.folder / "data")],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if result.returncode != 0:
            raise RuntimeError(f"terrane {' '.join(arguments)}: {result.stdout}")
        return result.stdout

    def start(self):
        said = self._run("up", "--detach", "--port", str(self.port))
        self.pid = int(re.search(r"process (\d+)", said).group(1))
        self.port = int(re.search(r":(\d+) \(process", said).group(1))
        for name, value in re.findall(r"export (\w+)='(.*)'", self._run("env")):
            self.environment[name] = value
        os.environ.update(self.environment)
        return self

    def kill(self):
        """SIGKILL, and waits until the process is gone."""
        os.kill(self.pid, signal.SIGKILL)
        while Path(f"/proc/{self.pid}").exists():
            state = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            if state == "Z":
                break
            time.sleep(0.01)

    def stop(self):
        self._run("down")
