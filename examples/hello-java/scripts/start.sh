#!/bin/sh
# Starts the server in the background; its output goes to /var/log/hello.log.
set -eu
cd /opt/hello
PORT=8080 nohup java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m -jar hello.jar >>/var/log/hello.log 2>&1 </dev/null &
echo $! >/run/hello.pid
