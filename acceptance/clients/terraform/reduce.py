#!/usr/bin/env python3
"""Leaves out of the provider's source the services that a configuration does not use: reduce.py SOURCE SERVICE...

Two generated lists are shortened, nothing else is touched: which services there are, and how each one's client of the AWS SDK is made. The
code of the resources, of the provider and of the SDK is compiled as it is published. Of 266 services a dozen are left, and the build takes
minutes of CPU time instead of half an hour.
"""

import re
import subprocess
import sys
from pathlib import Path

CLIENT = re.compile(r"\nfunc \(c \*AWSClient\) (\w+)\(.*?\n}\n", re.S)


def shorten_services(path, services):
    """Imports and registrations of other services go."""
    kept = []
    for line in path.read_text().split("\n"):
        named = re.search(r'internal/service/(\w+)"$|^\t\t(\w+)\.ServicePackage\(ctx\)', line)
        if not named or (named[1] or named[2]) in services:
            kept.append(line)
    path.write_text("\n".join(kept))


def shorten_clients(path, root, services):
    """Clients that nothing calls any more go, with the imports of their packages."""
    callers = [root / "internal/service" / s for s in services] + [
        root / "internal" / part for part in ("tags", "provider", "verify", "tfresource", "conns/awsclient.go")]
    found = subprocess.run(["grep", "-rhoE", r"\b\w+Client\(ctx", "--include=*.go", "--exclude=*_test.go",
                            *map(str, callers)],
                           check=True, stdout=subprocess.PIPE, text=True).stdout
    called = {call[: -len("(ctx")] for call in found.split()}
    text = path.read_text()
    functions = "".join(match[0] for match in CLIENT.finditer(text) if match[1] in called)
    packages = set(re.findall(r"\*(\w+)\.Client", functions))
    head = []
    for line in text.split("\nfunc ", 1)[0].split("\n"):
        imported = re.match(r'\t(\w* ?)"github.com/aws/aws-sdk-go-v2/service/(\w+)"', line)
        if not imported or (imported[1].strip() or imported[2]) in packages:
            head.append(line)
    path.write_text("\n".join(head) + "\n" + functions)


def with_imported(root, services):
    """The services, and those whose code theirs imports."""
    found, waiting = set(), list(services)
    while waiting:
        service = waiting.pop()
        if service not in found:
            found.add(service)
            for path in (root / "internal/service" / service).glob("*.go"):
                if not path.name.endswith("_test.go"):
                    waiting += re.findall(r'"github.com/hashicorp/terraform-provider-aws/internal/service/(\w+)"', path.read_text())
    return sorted(found)


def main(source, *services):
    root = Path(source)
    shorten_services(root / "internal/provider/sdkv2/service_packages_gen.go", services)
    shorten_clients(root / "internal/conns/awsclient_gen.go", root, with_imported(root, services))


if __name__ == "__main__":
    main(*sys.argv[1:])
