"""Reads by the gateway with psycopg, as from any PostgreSQL. In another terminal:

    stripe-sql serve --postgres 5433 --trust-loopback
    python gateway_psycopg.py

Where it connects to is libpq's to say: PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE.
"""

import os

import psycopg

defaults = {"PGHOST": "127.0.0.1", "PGPORT": "5433", "PGUSER": "analyst", "PGDATABASE": "default"}
for name, value in defaults.items():
    os.environ.setdefault(name, value)

with psycopg.connect("") as connection:
    # A cursor on the server: rows are read from Stripe as they are fetched.
    with connection.cursor(name="open_invoices") as cursor:
        cursor.itersize = 100
        cursor.execute(
            "SELECT number, amount_remaining, currency FROM invoices WHERE status = %s ORDER BY created DESC, id LIMIT 3",
            ["open"],
        )
        for number, remaining, currency in cursor:
            print(number, remaining, currency)

    [(customers,)] = connection.execute("SELECT count(*) FROM customers WHERE address_country = 'FR'").fetchall()
    print(customers, "customers in France")
