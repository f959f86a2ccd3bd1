-- What a report asks for. :paid is what the driver counts; another count ends the run by an error.
\set month random(1, 10)
SELECT count(*) AS counted FROM invoices WHERE status = 'paid' \gset
\set differs :counted <> :paid
\if :differs
SELECT 1 / 0;
\endif
SELECT id, email, balance FROM customers WHERE created >= make_date(2026, :month, 1) ORDER BY created LIMIT 10;
SELECT active, count(*) FROM products GROUP BY active;
SELECT :month * 2;
