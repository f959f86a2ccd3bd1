#!/usr/bin/env bash
# What the clients' tests run beside Debian's packages and npm's: kept in .clients/, and done again where what is
# asked for has changed. Each language's own tool gets it, from the registry that the tool is set up with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p .clients

need() { command -v "$1" >/dev/null || { echo "$1 is missing: install $2" >&2; exit 1; }; }
need python3 "python3 and python3-venv"
need java openjdk-17-jdk-headless
need mvn maven
need go "Go 1.25 or later"

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

wanted=test/clients/java/artifacts.txt
if ! is_kept $wanted java; then
  rm -rf .clients/java
  copy=org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy
  while read -r artifact; do
    mvn -q -B "$copy" "-Dartifact=$artifact" "-DoutputDirectory=$PWD/.clients/java"
  done <$wanted
  keep $wanted java
fi

# Go keeps what it has built, and knows what to build anew.
(cd test/clients/go && go build -o ../../../.clients/go/pgx-client .)
