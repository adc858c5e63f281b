"""Constant traffic to one URL: so many requests a second, whatever becomes of them."""

import collections
import http.client
import threading
import time
import urllib.parse


class Traffic:
    """Within a with statement requests are sent; after it, answers tells how many came of each kind."""

    WORKERS = 40

    def __init__(self, url, per_second=200):
        self.url = urllib.parse.urlsplit(url)
        self.pause = self.WORKERS / per_second
        self.answers = collections.Counter()
        self.lock = threading.Lock()
        self.ending = False
        self.workers = [threading.Thread(target=self._work, args=(n,), daemon=True) for n in range(self.WORKERS)]

    def __enter__(self):
        self.started = time.time()
        for worker in self.workers:
            worker.start()
        return self

    def __exit__(self, *error):
        self.ending = True
        for worker in self.workers:
            worker.join()
        self.seconds = time.time() - self.started

    def _work(self, number):
        following = time.time() + self.pause * number / self.WORKERS
        while not self.ending:
            time.sleep(max(0, following - time.time()))
            following += self.pause
            answer = self._ask()
            with self.lock:
                self.answers[answer] += 1

    def _ask(self):
        connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=10)
        try:
            connection.request("GET", self.url.path or "/")
            response = connection.getresponse()
            body = response.read().decode().strip()
            return body if response.status == 200 else f"HTTP {response.status}"
        except OSError as e:
            return f"{type(e).__name__}: {e}"
        except http.client.HTTPException as e:
            return type(e).__name__
        finally:
            connection.close()

    def sent(self):
        return self.answers.total()

    def failures(self):
        return {answer: count for answer, count in self.answers.items() if not answer.startswith("Hello from version")}
