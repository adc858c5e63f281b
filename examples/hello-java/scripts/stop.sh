#!/bin/sh
# Stops the server and waits for its end.
set -eu
[ -f /run/hello.pid ] || exit 0
pid=$(cat /run/hello.pid)
kill "$pid" 2>/dev/null || true
for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
done
rm -f /run/hello.pid
