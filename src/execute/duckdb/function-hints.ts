/** What does in DuckDB what a function or operator of PostgreSQL's does, by its name. */
const counterparts: ReadonlyMap<string, string> = new Map([
  ["to_char", "strftime(Created, '%Y-%m') writes a time as a text, printf('%.2f', x) or format('{:,}', x) a number."],
  ["to_date", "strptime('2026-01-31', '%Y-%m-%d')::DATE reads a date, and so does '2026-01-31'::DATE."],
  [
    "to_timestamp",
    "strptime('2026-01-31', '%Y-%m-%d') reads a time of a format, to_timestamp(seconds) one of the epoch.",
  ],
  ["to_number", "'1234.50'::DECIMAL(18,2) reads a number."],
  ["initcap", "upper(x[1]) || lower(x[2:]) writes the first letter large."],
  ["regexp_match", "regexp_extract(text, 'pattern', 1) gives what a group matched, regexp_matches whether it does."],
  ["~*", "regexp_matches(text, 'pattern', 'i') finds a pattern in either case."],
  ["!~*", "NOT regexp_matches(text, 'pattern', 'i') finds a pattern in either case."],
  ["json_agg", "to_json(list(x)) makes JSON of rows, list(x) an array."],
  ["jsonb_agg", "to_json(list(x)) makes JSON of rows, list(x) an array."],
  ["json_build_object", "json_object('key', value) makes JSON."],
  ["jsonb_build_object", "json_object('key', value) makes JSON."],
  ["json_object_agg", "json_group_object(key, value) makes JSON of rows."],
  ["jsonb_object_agg", "json_group_object(key, value) makes JSON of rows."],
  ["json_array_elements", "FROM json_each(x) gives the elements, in its columns key and value."],
  ["jsonb_array_elements", "FROM json_each(x) gives the elements, in its columns key and value."],
  ["json_array_elements_text", "FROM json_each(x) gives the elements; value->>'$' is one's text."],
  ["jsonb_array_elements_text", "FROM json_each(x) gives the elements; value->>'$' is one's text."],
  ["jsonb_each", "FROM json_each(x) gives keys and values."],
  ["json_object_keys", "unnest(json_keys(x)) gives the keys."],
  ["jsonb_object_keys", "unnest(json_keys(x)) gives the keys."],
  ["make_interval", "to_days(n), to_months(n) and to_hours(n) make an interval, and so does n * INTERVAL '1 day'."],
  ["width_bucket", "floor((x - low) / width) tells the bucket."],
  ["generate_subscripts", "range(len(x)) gives the places."],
  ["nvl", "coalesce(a, b) gives the first value that is not NULL."],
  ["getdate", "now() is the time of the statement, current_date its day."],
  ["sysdate", "now() is the time of the statement, current_date its day."],
  ["quote_literal", "printf('''%s''', x) puts a text in quotes."],
]);

/** The hint for a function that DuckDB has not, or not with these arguments; undefined where nothing is known of it. */
export function hintForFunction(name: string): string | undefined {
  const plain = name.toLowerCase();
  return (
    counterparts.get(plain) ??
    (plain.startsWith("jsonb_") ? `JSON is one type here: json_${plain.slice(6)}.` : undefined)
  );
}
