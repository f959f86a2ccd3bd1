#!/usr/bin/env bash
# What the clients' tests run beside Debian's packages and npm's: kept in .clients/, and done again where what is
# asked for has changed. Each language's own tool gets it, from the registry that the tool is set up with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p .clients

# A folder of .clients/ is kept where it was made by the same file.
is_kept() { cmp -s "$1" ".clients/$2/made-by"; }
keep() { cp "$1" ".clients/$2/made-by"; }

wanted=test/clients/python/requirements.txt
if ! is_kept $wanted python; then
  rm -rf .clients/python
  python3 -m venv .clients/python
  .clients/python/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement $wanted
  keep $wanted python
fi
