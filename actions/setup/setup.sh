#!/bin/sh
# Finds a Python that is new enough, and lets it do the rest.
set -eu
checkout=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
for name in python3 python python3.14 python3.13 python3.12 python3.11; do
  if found=$(command -v "$name"); then
    status=0
    "$found" -I "$checkout/src/gatekeeper/adapters/bootstrap.py" "$@" || status=$?
    # 0: done; 3: it said why not; above 128: stopped. Else this Python is too old, or no Python.
    case "$status" in 0 | 3 | 12[89] | 1[3-9]? | 2??) exit "$status" ;; esac
  fi
done
echo '::error title=gatekeeper was not installed::There is no Python 3.11 or newer on this runner: put a step with actions/setup-python before.'
exit 3
