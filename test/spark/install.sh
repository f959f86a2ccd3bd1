#!/usr/bin/env bash
# PySpark, some 500 MB, and PostgreSQL's JDBC driver, kept in .clients/spark. Java 17 or later, Python 3, Maven and
# redis-server have to be there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=.clients/spark
pyspark=4.3.0
pgjdbc=42.7.4
if [ "$(cat "$folder/versions" 2>/dev/null)" != "$pyspark $pgjdbc" ]; then
  rm -rf "$folder"
  mkdir -p "$folder"
  python3 -m venv "$folder/python"
  "$folder/python/bin/pip" install --quiet --disable-pip-version-check "pyspark==$pyspark"
  mvn --quiet dependency:copy -Dartifact="org.postgresql:postgresql:$pgjdbc" -DoutputDirectory="$PWD/$folder" \
    -Dmdep.stripVersion=true
  echo "$pyspark $pgjdbc" >"$folder/versions"
fi
