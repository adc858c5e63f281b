#!/bin/sh
# Succeeds once the server answers.
for _ in $(seq 100); do
    curl -fsS http://127.0.0.1:8080/health && exit 0
    sleep 0.2
done
echo "hello does not answer" >&2
exit 1
