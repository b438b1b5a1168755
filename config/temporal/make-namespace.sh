#!/bin/sh
# Makes the namespace unless it is there. TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE come from the environment.
set -eu
attempts=30
until temporal operator cluster health; do
  attempts=$((attempts - 1))
  [ "$attempts" -gt 0 ] || exit 1
  sleep 2
done
temporal operator namespace describe -n "$TEMPORAL_NAMESPACE" ||
  temporal operator namespace create -n "$TEMPORAL_NAMESPACE" --retention 720h
