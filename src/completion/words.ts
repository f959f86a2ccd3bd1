/** What a statement may begin with. */
export const statementWords: readonly string[] = [
  ...["SELECT", "WITH", "INSERT INTO", "UPDATE", "DELETE FROM", "EXEC", "EXPLAIN", "EXPLAIN ANALYZE", "DESCRIBE"],
  ...["SHOW TABLES", "SHOW VIEWS", "SHOW PROCEDURES", "SHOW WRITES", "RESUME WRITE", "FORGET", "CREATE VIEW"],
  ...["CREATE TEMP VIEW", "CREATE TEMP TABLE", "DROP VIEW", "DROP TABLE", "REFRESH"],
  ...["SET TIME ZONE", "RESET TIME ZONE", "BEGIN", "COMMIT", "ROLLBACK", "VALUES"],
];

/** The functions that questions about payments are asked with most, of some thousand that the engine has. */
export const functionNames: readonly string[] = [
  ...[
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "median",
    "quantile_cont",
    "stddev",
    "string_agg",
    "list",
    "arg_max",
    "arg_min",
  ],
  ...["any_value", "bool_or", "bool_and", "histogram", "mode", "row_number", "rank", "dense_rank", "lag", "lead"],
  ...["first_value", "last_value", "ntile", "percent_rank", "cume_dist"],
  ...["date_trunc", "date_part", "date_diff", "extract", "age", "now", "strftime", "strptime", "to_timestamp", "epoch"],
  ...[
    "make_date",
    "last_day",
    "time_bucket",
    "monthname",
    "dayname",
    "year",
    "month",
    "day",
    "hour",
    "week",
    "quarter",
  ],
  ...["coalesce", "nullif", "greatest", "least", "if", "round", "floor", "ceil", "abs", "sign", "sqrt", "ln", "power"],
  ...["lower", "upper", "length", "substring", "trim", "replace", "concat", "concat_ws", "split_part", "starts_with"],
  ...["contains", "regexp_matches", "regexp_replace", "regexp_extract", "left", "right", "lpad", "rpad", "printf"],
  ...["json_extract", "json_extract_string", "json_array_length", "json_keys", "json_merge_patch", "unnest"],
  ...["list_contains", "list_sort", "generate_series", "range", "md5"],
];
