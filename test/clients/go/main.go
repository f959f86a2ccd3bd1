// pgx 5 against the gateway whose URL is the first argument: prints a line of JSON for each case,
// {"case": name, "value": …}, or "error" in place of the value.
package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
)

// The ways in which pgx sends a statement.
var modes = []string{"cache_statement", "cache_describe", "describe_exec", "exec", "simple_protocol"}

const customers = "SELECT id, created, balance, livemode, metadata, email FROM customers WHERE balance >= $1 AND created > $2 ORDER BY id LIMIT 20"

var ctx = context.Background()

func main() {
	url := os.Args[1]
	for _, mode := range modes {
		connection, err := pgx.Connect(ctx, url+"?default_query_exec_mode="+mode)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		inMode(connection, mode)
		connection.Close(ctx)
	}
	own(url)
}

func inMode(connection *pgx.Conn, mode string) {
	report(mode+" rows", func() (any, error) {
		rows, err := connection.Query(ctx, customers, 0, time.Unix(0, 0))
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) {
			var id string
			var created time.Time
			var balance int64
			var livemode bool
			var metadata map[string]any
			var email *string
			err := row.Scan(&id, &created, &balance, &livemode, &metadata, &email)
			return []any{id, created.UTC(), balance, livemode, metadata, email}, err
		})
	})
	report(mode+" parameters", func() (any, error) {
		var one, none, absent int
		err := connection.QueryRow(ctx, "SELECT count(*) FROM products WHERE id = ANY($1) AND active = $2", []string{"prod_none"}, true).Scan(&none)
		if err == nil {
			err = connection.QueryRow(ctx, "SELECT count(*) FROM products WHERE $1::text IS NULL", nil).Scan(&absent)
		}
		if err == nil {
			err = connection.QueryRow(ctx, "SELECT count(*) FROM customers WHERE email = $1", "customer7@example.com").Scan(&one)
		}
		return []int{one, none, absent}, err
	})
	report(mode+" batch", func() (any, error) {
		batch := &pgx.Batch{}
		counts := []int{}
		for number := range 4 {
			batch.Queue("SELECT $1::int, count(*) FROM products", number).QueryRow(func(row pgx.Row) error {
				var index, count int
				err := row.Scan(&index, &count)
				counts = append(counts, index, count)
				return err
			})
		}
		return counts, connection.SendBatch(ctx, batch).Close()
	})
	report(mode+" failed batch", func() (any, error) {
		batch := &pgx.Batch{}
		batch.Queue("SELECT 1")
		batch.Queue("SELECT nothing FROM customers")
		batch.Queue("SELECT 2")
		failed := failure(connection.SendBatch(ctx, batch).Close())
		var after int
		err := connection.QueryRow(ctx, "SELECT 7").Scan(&after)
		return []any{failed, after}, err
	})
	report(mode+" transaction", func() (any, error) {
		transaction, err := connection.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable, AccessMode: pgx.ReadOnly})
		if err != nil {
			return nil, err
		}
		defer transaction.Rollback(ctx)
		nested, err := transaction.Begin(ctx)
		if err != nil {
			return nil, err
		}
		_, divided := nested.Exec(ctx, "SELECT 1 / 0")
		if err := nested.Rollback(ctx); err != nil {
			return nil, err
		}
		var count int
		if err := transaction.QueryRow(ctx, "SELECT count(*) FROM products").Scan(&count); err != nil {
			return nil, err
		}
		_, write := transaction.Exec(ctx, "UPDATE customers SET name = 'x' WHERE email = 'nobody@example.com'")
		return []any{failure(divided), count, failure(write)}, nil
	})
	report(mode+" written", func() (any, error) {
		var id string
		email := mode + "@example.com"
		err := connection.QueryRow(ctx, "INSERT INTO customers (email, name) VALUES ($1, $2) RETURNING id", email, nil).Scan(&id)
		if err != nil {
			return nil, err
		}
		updated, err := connection.Exec(ctx, "UPDATE customers SET name = $1 WHERE id = $2", "G", id)
		if err != nil {
			return nil, err
		}
		removed, err := connection.Exec(ctx, "DELETE FROM customers WHERE email = $1", email)
		return []any{id[:4], updated.String(), removed.String()}, err
	})
	report(mode+" after DISCARD ALL", func() (any, error) {
		query := "SELECT count(*) FROM products WHERE active = $1"
		var before, after int
		if err := connection.QueryRow(ctx, query, true).Scan(&before); err != nil {
			return nil, err
		}
		if _, err := connection.Exec(ctx, "DISCARD ALL"); err != nil {
			return nil, err
		}
		first := connection.QueryRow(ctx, query, true).Scan(&after)
		if first == nil {
			return []any{before, "goes on", after}, nil
		}
		// pgx prepares anew what the server does not have any more.
		err := connection.QueryRow(ctx, query, true).Scan(&after)
		return []any{before, failure(first), after}, err
	})
}

func own(url string) {
	connection, err := pgx.Connect(ctx, url)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer connection.Close(ctx)
	report("described", func() (any, error) {
		described, err := connection.Prepare(ctx, "by time", "SELECT id, amount FROM charges WHERE created > $1 AND currency LIKE $2")
		if err != nil {
			return nil, err
		}
		return []any{described.ParamOIDs, described.Fields[0].DataTypeOID, described.Fields[1].DataTypeOID}, connection.DeallocateAll(ctx)
	})
	report("metadata written", func() (any, error) {
		var metadata map[string]string
		var id string
		err := connection.QueryRow(ctx, "INSERT INTO customers (email, metadata) VALUES ($1, $2) RETURNING id, metadata",
			"pgx@example.com", map[string]string{"team": "a"}).Scan(&id, &metadata)
		if err != nil {
			return nil, err
		}
		_, err = connection.Exec(ctx, "DELETE FROM customers WHERE id = $1", id)
		return metadata, err
	})
	report("copied", func() (any, error) {
		var out bytes.Buffer
		tag, err := connection.PgConn().CopyTo(ctx, &out, "COPY (SELECT id FROM customers ORDER BY id LIMIT 3) TO STDOUT")
		return []any{tag.String(), strings.Fields(out.String())}, err
	})
	report("copied in", func() (any, error) {
		_, copied := connection.CopyFrom(ctx, pgx.Identifier{"customers"}, []string{"email"}, pgx.CopyFromRows([][]any{{"a@example.com"}}))
		var after int
		err := connection.QueryRow(ctx, "SELECT 7").Scan(&after)
		return []any{failure(copied), after}, err
	})
	report("errors", func() (any, error) {
		codes := []any{}
		for _, query := range []string{"SELECT emial FROM customers", "SELECT FROM WHERE", "SELECT 1 / balance FROM customers WHERE balance = 0"} {
			_, err := connection.Exec(ctx, query)
			codes = append(codes, failure(err))
		}
		return codes, nil
	})
	report("row type", func() (any, error) {
		loaded, err := connection.LoadType(ctx, "stripe.customers")
		if err != nil {
			return nil, err
		}
		return loaded.Name, nil
	})
	report("pool", func() (any, error) {
		pool, err := pgxpool.New(ctx, url)
		if err != nil {
			return nil, err
		}
		defer pool.Close()
		done := make(chan error, 50)
		for number := range 50 {
			go func() {
				var index, count int
				err := pool.QueryRow(ctx, "SELECT $1::int, count(*) FROM products", number).Scan(&index, &count)
				if err == nil && index != number {
					err = fmt.Errorf("asked for %d, got %d", number, index)
				}
				done <- err
			}()
		}
		var failed error
		for range 50 {
			failed = errors.Join(failed, <-done)
		}
		return "each its own", failed
	})
	report("database/sql", func() (any, error) {
		database, err := sql.Open("pgx", url)
		if err != nil {
			return nil, err
		}
		defer database.Close()
		var count int
		err = database.QueryRow("SELECT count(*) FROM products WHERE active = $1", true).Scan(&count)
		return count, err
	})
	report("canceled", func() (any, error) {
		// Stripe gives no answer on charges meanwhile.
		limited, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		other, err := pgx.Connect(ctx, url)
		if err != nil {
			return nil, err
		}
		defer other.Close(ctx)
		_, err = other.Exec(limited, "SELECT count(*) FROM charges")
		return errors.Is(err, context.DeadlineExceeded), nil
	})
}

// SQLSTATE and place, 0 for none, of an error of the server's.
func failure(err error) any {
	var failed *pgconn.PgError
	if errors.As(err, &failed) {
		return []any{failed.Code, failed.Position}
	}
	return fmt.Sprint(err)
}

func report(name string, run func() (any, error)) {
	line := map[string]any{"case": name}
	if value, err := run(); err != nil {
		line["error"] = err.Error()
	} else {
		line["value"] = value
	}
	printed, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(printed))
}
