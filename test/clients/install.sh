#!/usr/bin/env bash
# What the clients' tests run beside Debian's packages and npm's: kept in .clients/, and done again where what is
# asked for has changed. Needs the registries of each language, as their own tools are set up.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p .clients
