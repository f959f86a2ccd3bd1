"""Reads a table of the gateway's by Spark, and prints what came as JSON.

Takes one JSON text: {"jar": path of pgjdbc, "url": "jdbc:postgresql://…", "options": Spark's JDBC options,
"predicates": conditions of the partitions in their place or null, "columns": to print, "filter": a condition or null}.
Times are printed in ISO 8601, in UTC.
"""

import datetime
import json
import sys

from pyspark.sql import SparkSession

task = json.loads(sys.argv[1])
spark = (
    SparkSession.builder.master("local[4]")
    .config("spark.jars", task["jar"])
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
options = {"driver": "org.postgresql.Driver", **task["options"]}
if task["predicates"] is None:
    frame = spark.read.format("jdbc").options(url=task["url"], **options).load()
else:
    table = options.pop("dbtable")
    frame = spark.read.jdbc(task["url"], table, predicates=task["predicates"], properties=options)
if task["filter"] is not None:
    frame = frame.where(task["filter"])
types = {field.name: field.dataType.simpleString() for field in frame.schema.fields}


def printable(value):
    return value.isoformat() + "Z" if isinstance(value, datetime.datetime) else value


rows = [[printable(value) for value in row] for row in frame.select(*task["columns"]).collect()]
print(json.dumps({"types": types, "partitions": frame.rdd.getNumPartitions(), "rows": rows}))
spark.stop()
