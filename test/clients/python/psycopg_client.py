"""psycopg 3 against the gateway that PGHOST and its like name."""

import threading

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int8
from report import case, run_cases

CUSTOMERS = "SELECT id, created, balance, livemode, metadata, email FROM customers ORDER BY id LIMIT 20"

connection = psycopg.connect(autocommit=True)


def failure(run):
    """SQLSTATE, place and class of the error that a call ends in."""
    try:
        run()
    except psycopg.Error as error:
        return [error.sqlstate, error.diag.statement_position, type(error).__name__]
    return None


@case
def rows():
    return connection.execute(CUSTOMERS).fetchall()


@case
def binary_rows():
    return connection.cursor(binary=True).execute(CUSTOMERS).fetchall()


@case
def described():
    cursor = connection.execute("SELECT id, created, balance, livemode, metadata, balance * 1.5 AS more FROM customers LIMIT 1")
    return [[column.name, column.type_display] for column in cursor.description]


@case
def tables_that_differ_in_binary():
    tables = connection.execute(
        "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables "
        "WHERE table_schema IN ('stripe', 'v2') ORDER BY 1"
    ).fetchall()
    different = []
    for (table,) in tables:
        query = f"SELECT * FROM {table} LIMIT 3"
        answers = []
        for binary in (False, True):
            try:
                answers.append(connection.cursor(binary=binary).execute(query).fetchall())
            except psycopg.Error as error:
                answers.append(error.sqlstate)
        if answers[0] != answers[1]:
            different.append(table)
    return {"tables": len(tables), "different": different}


@case
def time_zone():
    with psycopg.connect(options="-c TimeZone=Asia/Tokyo") as own:
        value = own.execute("SELECT created FROM customers ORDER BY id LIMIT 1").fetchone()[0]
        return [value, str(value.tzinfo)]


@case
def parameters():
    first = connection.execute(CUSTOMERS).fetchone()
    found = "SELECT count(*) FROM customers WHERE "

    def count(condition, *values):
        return connection.execute(found + condition, values).fetchone()[0]

    return [
        count("id = %s AND created = %s", first[0], first[1]),
        count("id = ANY(%s)", [first[0], "cus_none"]),
        count("id = %s AND metadata @> %s", first[0], Jsonb({})),
        count("id = %s AND balance = %s", first[0], Int8(first[2])),
        count("id = %s AND %s::text IS NULL", first[0], None),
        count("email = %s", "'; DROP TABLE customers; --"),
    ]


@case
def prepared():
    with psycopg.connect(autocommit=True, prepare_threshold=1) as own:
        query = "SELECT count(*) FROM products WHERE active = %s"
        counts = [own.execute(query, (True,)).fetchone()[0] for _ in range(5)]
        own.execute("DISCARD ALL")
        return {"counts": counts, "after": own.execute(query, (True,)).fetchone()[0]}


@case
def pipelined():
    with connection.pipeline():
        cursors = [connection.execute("SELECT %s::int, count(*) FROM products", (number,)) for number in range(5)]
    return [cursor.fetchone() for cursor in cursors]


@case
def failed_pipeline():
    def run():
        with connection.pipeline():
            connection.execute("SELECT 1")
            connection.execute("SELECT nothing FROM customers")
            connection.execute("SELECT 2")

    return [failure(run), connection.execute("SELECT 3").fetchone()]


@case
def server_cursor():
    with psycopg.connect() as own, own.cursor("portions") as cursor:
        cursor.itersize = 60
        cursor.execute("SELECT id FROM customers WHERE balance > %s", (-1000000,))
        return [id for (id,) in cursor]


@case
def binary_server_cursor():
    with psycopg.connect() as own, own.cursor("portions", binary=True) as cursor:
        cursor.execute(CUSTOMERS)
        return cursor.fetchall()


@case
def cursor_held_past_its_transaction():
    with psycopg.connect() as own, own.cursor("held", withhold=True) as cursor:
        cursor.execute("SELECT id FROM customers ORDER BY id LIMIT 10")
        first = cursor.fetchmany(3)
        own.commit()
        return [id for (id,) in first + cursor.fetchall()]


@case
def streamed():
    return [id for (id,) in connection.cursor().stream("SELECT id FROM customers")]


@case
def copied():
    query = "SELECT id, created, balance FROM customers ORDER BY id LIMIT 5"
    with connection.cursor().copy(f"COPY ({query}) TO STDOUT") as copy:
        copy.set_types(["text", "timestamptz", "int8"])
        text = list(copy.rows())
    with connection.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy:
        copy.set_types(["text", "timestamptz", "int8"])
        return [text, list(copy.rows())]


@case
def written():
    insert = "INSERT INTO customers (email, name, metadata) VALUES (%s, %s, %s) RETURNING id, name, metadata"
    one = connection.execute(insert, ("psycopg@example.com", "P", Jsonb({"team": "a"}))).fetchone()
    cursor = connection.cursor(row_factory=dict_row)
    cursor.executemany(insert, [("psycopg@example.com", name, None) for name in ("Q", "R")], returning=True)
    many = [result.fetchone()["name"] for result in cursor.results()]
    updated = connection.execute("UPDATE customers SET name = %s WHERE email = %s", ("S", "psycopg@example.com")).rowcount
    removed = connection.execute("DELETE FROM customers WHERE email = %s RETURNING deleted", ("psycopg@example.com",)).fetchall()
    return {"one": one[1:], "many": many, "updated": updated, "removed": removed}


@case
def errors():
    return [
        failure(lambda: connection.execute("SELECT emial FROM customers")),
        failure(lambda: connection.execute("SELECT id FROM customers WHERE created > %s", ("yesterdayish",))),
        failure(lambda: connection.execute("SELECT 1 / balance FROM customers WHERE balance = 0")),
        failure(lambda: connection.execute("SELECT FROM WHERE")),
        failure(lambda: connection.execute("CREATE TABLE t (a int)")),
        failure(lambda: psycopg.connect(password="another")),
    ]


@case
def transactions():
    with psycopg.connect() as own:
        with own.transaction():
            own.execute("SELECT 1")
            inner = failure(lambda: run_in_savepoint(own))
            count = own.execute("SELECT count(*) FROM products").fetchone()[0]
        own.read_only = True
        write = failure(lambda: own.execute("UPDATE customers SET name = 'x' WHERE email = 'nobody@example.com'"))
        failed = failure(lambda: own.execute("SELECT 1"))
        own.rollback()
        return {"inner": inner, "count": count, "write": write, "failed": failed}


def run_in_savepoint(own):
    with own.transaction():
        own.execute("SELECT 1 / 0")


UNANSWERED = "SELECT count(*) FROM charges WHERE id = 'ch_unanswered'"
"""Stripe gives no answer to its request."""


@case
def canceled():
    """A cancel that comes before the statement runs has no effect."""
    ended = threading.Event()

    def cancel():
        while not ended.wait(0.1):
            connection.cancel_safe()

    canceling = threading.Thread(target=cancel)
    canceling.start()
    try:
        error = failure(lambda: connection.execute(UNANSWERED))
    finally:
        ended.set()
        canceling.join()
    return [error, connection.execute("SELECT 1").fetchone()]


@case
def time_limit():
    with psycopg.connect(options="-c statement_timeout=200", autocommit=True) as own:
        return failure(lambda: own.execute(UNANSWERED))


run_cases()
connection.close()
