#!/bin/sh
# Finds a Python that is new enough, and lets it do the rest.
set -eu
checkout=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
for name in python3 python python3.14 python3.13 python3.12 python3.11; do
  if found=$(command -v "$name") &&
    "$found" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    exec "$found" -I "$checkout/src/gatekeeper/adapters/bootstrap.py" "$@"
  fi
done
echo '::error title=gatekeeper was not installed::There is no Python 3.11 or newer on this runner: put a step with actions/setup-python before.'
exit 3
