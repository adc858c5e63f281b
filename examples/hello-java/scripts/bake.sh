#!/bin/sh
# Lets the release serve traffic for a while before the next instance is taken, so that an alarm can stop it while it is on few.
sleep 15
